/**
 * What is left of commands that no verdict needs any more: whether they were committed, and were
 * reads. A copy of a request may still come late, and is known by its name: two bits per command.
 */
const COMMITTED = 2;
const READ = 1;

export class ForgottenCommands {
  /** By client: four commands in a byte, by seq. */
  private readonly bytes: (Uint8Array | undefined)[] = [];
  /** By client: nothing was forgotten from this seq on. */
  private readonly ends: number[] = [];

  note(clientId: number, seq: number, isCommitted: boolean, isRead: boolean): void {
    let bytes = this.bytes[clientId];
    if (bytes === undefined || seq >>> 2 >= bytes.length) {
      const larger = new Uint8Array(Math.max(64, (seq >>> 2) * 2));
      if (bytes !== undefined) larger.set(bytes);
      while (this.bytes.length <= clientId) this.bytes.push(undefined);
      while (this.ends.length <= clientId) this.ends.push(0);
      bytes = larger;
      this.bytes[clientId] = bytes;
    }
    bytes[seq >>> 2]! |= ((isCommitted ? COMMITTED : 0) | (isRead ? READ : 0)) << ((seq & 3) * 2);
    this.ends[clientId] = Math.max(this.ends[clientId]!, seq + 1);
  }

  /** May this command have been forgotten? Only asked of one that is not known. */
  has(clientId: number, seq: number): boolean {
    return seq < (this.ends[clientId] ?? 0);
  }

  wasCommitted(clientId: number, seq: number): boolean {
    return (this.bitsOf(clientId, seq) & COMMITTED) !== 0;
  }

  wasRead(clientId: number, seq: number): boolean {
    return (this.bitsOf(clientId, seq) & READ) !== 0;
  }

  private bitsOf(clientId: number, seq: number): number {
    return (this.bytes[clientId]?.[seq >>> 2] ?? 0) >>> ((seq & 3) * 2);
  }
}
