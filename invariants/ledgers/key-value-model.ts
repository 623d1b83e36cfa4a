/**
 * What the committed log means: a map of keys, written a second time and as plainly as possible, so
 * that it shares no mistake with a state machine. "put KEY VALUE" answers nothing, "get KEY" the
 * value or nothing; a key has no spaces, a value may; anything else has no effect.
 */
export class KeyValueModel {
  private readonly values = new Map<string, string>();

  /** Carries out an operation; the answer, or null. */
  carryOut(op: string): string | null {
    if (op.startsWith('get ')) return this.values.get(op.slice(4)) ?? null;
    const keyEnd = op.indexOf(' ', 4);
    if (op.startsWith('put ') && keyEnd > 0) {
      this.values.set(op.slice(4, keyEnd), op.slice(keyEnd + 1));
    }
    return null;
  }

  /** The first key whose value differs from `contents`, or null when they are the same. */
  differsFrom(contents: readonly (readonly [string, string])[]): string | null {
    for (const [key, value] of contents) if (this.values.get(key) !== value) return key;
    if (contents.length === this.values.size) return null;
    const present = new Set(contents.map(([key]) => key));
    for (const key of this.values.keys()) if (!present.has(key)) return key;
    return null;
  }

  valueOf(key: string): string | null {
    return this.values.get(key) ?? null;
  }
}
