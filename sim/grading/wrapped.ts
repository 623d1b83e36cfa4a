/** Text for a screen of a hundred columns. */
export const COLUMNS_MAX = 100;
const INDENT = '  ';

/** Lines of at most a hundred columns; all but the first are indented. */
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap(pieces)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= COLUMNS_MAX || line === '') line = longer;
    else {
      lines.push(line);
      line = `${INDENT}${word}`;
    }
  }
  return [...lines, line];
}

/** A word that fits on no line is broken. */
function pieces(word: string): string[] {
  const width = COLUMNS_MAX - INDENT.length;
  if (word.length <= width) return [word];
  const count = Math.ceil(word.length / width);
  return Array.from({ length: count }, (_, i) => word.slice(i * width, (i + 1) * width));
}
