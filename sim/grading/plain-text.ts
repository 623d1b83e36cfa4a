/**
 * Text of a submission on its way into a report: notes, logs and messages may hold anything, and must
 * not move a cursor, colour a screen, end a line or reorder what is read.
 */
const ESCAPE = String.fromCharCode(27);
const SEQUENCES = new RegExp(`${ESCAPE}\\[[0-?]*[ -/]*[@-~]`, 'g');
/** Controls, marks of direction and other characters of no width. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LONE_SURROGATES = /\p{Cs}/gu;

/** One line of visible characters. */
export function plainText(text: string): string {
  return (
    text
      .replace(SEQUENCES, '')
      .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
      .replace(UNSEEN, '')
      // What build servers take for commands.
      .replaceAll('##[', '# #[')
      .replace(/^\s*::/, ': :')
      .replace(LONE_SURROGATES, '\ufffd')
  );
}
