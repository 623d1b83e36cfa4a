/**
 * What the committed log means: a map of keys, written a second time and as plainly as possible, so
 * that it shares no mistake with a state machine. "put KEY VALUE" answers nothing, "get KEY" the
 * value or nothing; a key has no spaces, a value may; anything else has no effect.
 */
export class KeyValueModel {
  /** Key → the whole put that wrote it. */
  private readonly puts = new Map<string, string>();

  /** Carries out an operation; the answer, or null. */
  carryOut(op: string): string | null {
    if (op.startsWith('get ')) return this.valueOf(op.slice(4));
    const keyEnd = op.indexOf(' ', 4);
    if (op.startsWith('put ') && keyEnd > 0) this.puts.set(op.slice(4, keyEnd), op);
    return null;
  }

  /** The first key whose value differs from `contents`, or null when they are the same. */
  differsFrom(contents: readonly (readonly [string, string])[]): string | null {
    for (const [key, value] of contents) if (this.valueOf(key) !== value) return key;
    if (contents.length === this.puts.size) return null;
    const present = new Set(contents.map(([key]) => key));
    for (const key of this.puts.keys()) if (!present.has(key)) return key;
    return null;
  }

  valueOf(key: string): string | null {
    const put = this.puts.get(key);
    return put === undefined ? null : put.slice('put  '.length + key.length);
  }
}
