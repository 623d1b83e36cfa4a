/** A story as text: columns of time and event, and sentences that are wrapped to the screen. */
import { milliseconds } from '../timeline/format-line.ts';
import type { Story, StoryLine } from './told-story.ts';

export const STORY_COLUMNS_MAX = 100;

const TIME = 11;
const EVENT = 6;
const TEXT = STORY_COLUMNS_MAX - TIME - EVENT - 3;
const MARGIN = ' '.repeat(TIME + EVENT + 3);

const PREFIXES: Readonly<Record<StoryLine['kind'], string>> = {
  event: '',
  wrong: 'WRONG: ',
  rule: 'Rule, ',
  reason: 'Why: ',
  broken: 'BROKEN: ',
};

const HEADING = `${'ms'.padStart(TIME)} ${'event'.padStart(EVENT)}`;

/** At most STORY_LINES_MAX lines of at most STORY_COLUMNS_MAX columns. */
export function formatStory({ lines }: Story): string {
  return [HEADING, ...lines.flatMap(formatLine)].join('\n');
}

/** Lines on the screen, the heading included. */
export function heightOf(lines: readonly StoryLine[]): number {
  return lines.reduce((height, { kind, text }) => height + heightOfText(kind, text), 1);
}

export function heightOfText(kind: StoryLine['kind'], text: string): number {
  return wrapped(`${PREFIXES[kind]}${text}.`).length;
}

function formatLine({ kind, step, atUs, text }: StoryLine): string[] {
  const [first, ...rest] = wrapped(`${PREFIXES[kind]}${text}`);
  const hasPlace = kind !== 'rule' && kind !== 'reason' && step > 0;
  const place = hasPlace
    ? `${milliseconds(atUs).padStart(TIME)} ${String(step).padStart(EVENT)}  `
    : MARGIN;
  return [`${place}${first!}`, ...rest.map((line) => `${MARGIN}${line}`)];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > TEXT) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
