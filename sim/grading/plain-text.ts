/**
 * Text of a submission on its way into a report: notes, logs and messages may hold anything, and must
 * not move a cursor, colour a screen, end a line or reorder what is read.
 */
const ESCAPE = String.fromCharCode(27);
const SEQUENCES = new RegExp(`${ESCAPE}\\[[0-?]*[ -/]*[@-~]`, 'g');
/** Controls, marks of direction and other characters of no width. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Where a line may begin when the text is broken into lines: anywhere. */
const COMMANDS =
  /(?<=^|\s)::|::(?=(?:add-m|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-|stop-commands|warning))/gi;
const LONE_SURROGATES = /\p{Cs}/gu;

/** One line of visible characters. */
export function plainText(text: string): string {
  return (
    text
      .replace(SEQUENCES, '')
      .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
      .replace(UNSEEN, '')
      // What build servers take for commands.
      .replace(/##(?=\w*\[)/g, '# #')
      .replace(COMMANDS, ': :')
      .replace(LONE_SURROGATES, '\ufffd')
  );
}
