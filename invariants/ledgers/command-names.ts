/** Which command a client means by which seq: (client, seq) → the number of the command. */
import { ForgottenCommands } from './forgotten-commands.ts';
import { IntVector } from './int-vector.ts';

/** Clients have small numbers; others are not kept in tables. */
const CLIENT_MAX = 4096;

export class CommandNames {
  readonly forgotten = new ForgottenCommands();
  /** By client: the number by seq. */
  private readonly tables: (IntVector | undefined)[] = [];
  private readonly lastSeqs: number[] = [];
  /** Those that are not in the tables any more: client * 2^32 + seq → number. */
  private readonly others = new Map<number, number>();

  /** 0 for a name that nobody uses, or that is forgotten. */
  find(clientId: number, seq: number): number {
    const table = this.tables[clientId];
    if (table === undefined) return 0;
    const payload = table.get(seq);
    if (payload !== 0 || this.others.size === 0) return payload;
    return this.others.get(nameOf(clientId, seq)) ?? 0;
  }

  /** The first command of a name keeps it. */
  add(clientId: number, seq: number, payload: number): void {
    if (!(clientId >= 0 && clientId < CLIENT_MAX)) return;
    let table = this.tables[clientId];
    if (table === undefined) {
      while (this.tables.length <= clientId) this.tables.push(undefined);
      while (this.lastSeqs.length <= clientId) this.lastSeqs.push(0);
      table = new IntVector();
      this.tables[clientId] = table;
    }
    if (table.get(seq) === 0) table.set(seq, payload);
    if (seq > this.lastSeqs[clientId]!) this.lastSeqs[clientId] = seq;
  }

  /** This one has its name, however old it is. */
  keep(clientId: number, seq: number, payload: number): void {
    this.others.set(nameOf(clientId, seq), payload);
  }

  /** Whoever uses the name again is a late copy. */
  forget(clientId: number, seq: number, isCommitted: boolean, isRead: boolean): void {
    this.others.delete(nameOf(clientId, seq));
    this.tables[clientId]!.set(seq, 0);
    this.forgotten.note(clientId, seq, isCommitted, isRead);
  }

  /** Numbers below this one are forgotten, or kept apart. */
  trim(first: number): void {
    this.tables.forEach((table, clientId) => {
      if (table === undefined) return;
      let seq = table.first;
      while (seq <= this.lastSeqs[clientId]! && table.get(seq) < first) seq += 1;
      table.forgetBelow(seq);
    });
  }
}

/** One number for both; seqs of an honest client are far below 2^32. */
function nameOf(clientId: number, seq: number): number {
  return clientId * 0x100000000 + seq;
}
