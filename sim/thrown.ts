/** What code of others has thrown, in words. It may be anything, and need not be an error. */

/** A sentence is for one line. */
const CHARACTERS_MAX = 300;

/** "RangeError: no crown for me": one line, not too long, nothing that moves a cursor. */
export function thrownWords(thrown: unknown): string {
  const line = textOf(thrown)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '?')
    .trim();
  const words = line === '' ? 'an error without a message' : line;
  return words.length <= CHARACTERS_MAX ? words : `${words.slice(0, CHARACTERS_MAX)}…`;
}

/**
 * The stack, in which a bundled module is called `module`: its address holds all of its code. null
 * when there is none.
 */
export function thrownStack(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  try {
    const { stack } = thrown;
    if (typeof stack !== 'string') return null;
    return stack.replaceAll(/data:text\/javascript;base64,[A-Za-z0-9+/=]*/g, 'module');
  } catch {
    return null;
  }
}

function textOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return `${String(thrown.name)}: ${String(thrown.message)}`;
    return typeof thrown === 'object' && thrown !== null
      ? (JSON.stringify(thrown) ?? 'an object')
      : String(thrown);
  } catch {
    return 'something that cannot be shown';
  }
}
