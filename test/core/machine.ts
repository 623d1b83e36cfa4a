import type { Entry, NodeId } from '../../core/messages.ts';

/**
 * A state machine whose contents tell the whole log: a checksum of all that was applied, in order.
 * Every server writes its snapshots in its own way, so that pieces of two make none.
 */
export class Machine {
  index = 0;
  /** By index: what it has held in this life and earlier ones, for crashes that forget the end. */
  readonly #checksums = new Map<number, string>([[0, '']]);
  readonly #node: NodeId;

  constructor(node: NodeId) {
    this.#node = node;
  }

  get checksum(): string {
    return this.#checksums.get(this.index)!;
  }

  apply(index: number, entry: Entry): void {
    if (index !== this.index + 1) throw new Error(`applied ${index} behind ${this.index}`);
    this.#checksums.set(index, checksumOf(this.checksum, index, entry));
    this.index = index;
  }

  snapshot(): string {
    return `${this.#node}(${this.checksum})${'-'.repeat(this.#node)}`;
  }

  restore(index: number, data: string): void {
    const parts = /^(\d)\(([0-9a-f]*)\)(-*)$/.exec(data);
    if (parts?.[3]?.length !== Number(parts?.[1])) throw new Error(`not a snapshot: ${data}`);
    this.#checksums.set(index, parts[2]!);
    this.index = index;
  }

  /** A crash of a machine that survives crashes, perhaps without what it has applied last. */
  forget(count: number): void {
    let index = Math.max(0, this.index - count);
    while (!this.#checksums.has(index)) index -= 1;
    this.index = index;
  }
}

/** `checksum` is that of all entries before; FNV-1a. */
export function checksumOf(checksum: string, index: number, { term, command }: Entry): string {
  const seq = command === null ? 'none' : command.seq;
  let hash = 0x811c9dc5;
  for (const letter of `${checksum}/${index}/${term}/${seq}`) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
