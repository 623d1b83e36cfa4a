/** Every command that a client has asked for, and what is known of it; names are (client, seq). */
import type { NodeId } from '../../core/messages.ts';

export type Told = 'nothing' | 'ok' | 'fail' | 'info';

/** One record per command, never per event. */
export interface AskedCommand {
  /** From 1, in the order of their calls. */
  readonly number: number;
  readonly clientId: number;
  readonly seq: number;
  readonly op: string;
  readonly readOnly: boolean;
  readonly invokedUs: number;
  /** Infinity until its client was told ok. */
  returnedUs: number;
  told: Told;
  /** What its client was told with an ok. */
  value: string | null;
  /** Its first place in the sequence of what servers apply, from 1; 0 for none. */
  position: number;
  /** What the sequence through there gives. */
  answer: string | null;
  /** A server has answered ok, whether its client got that or not. */
  isPromised: boolean;
  /** A read without the sequence was answered by a server that had applied so much; -1 for none. */
  readAt: number;
  /** Of a read: [key, position] of the newest answers that others had before it was asked for. */
  readonly floors: readonly (readonly [string, number])[];
  /** Where it has arrived, and when: the first arrival in each life that it was handed to. */
  readonly columns: number[];
  readonly dates: number[];
  /** The era of VoterSets in which it arrived first; -1 while it has not. */
  era: number;
  /** Attempts that servers were handed, and how many of these they have not refused. */
  handed: number;
  unrefused: number;
  /** The server that the last redirect named; 0 for none. */
  redirectedTo: NodeId;
}

/** One attempt at a command: the life of a server that it was handed to, and its answer. */
export interface AskedAttempt {
  readonly id: string;
  readonly command: AskedCommand;
  readonly node: NodeId;
  readonly boot: number;
  outcome: string | null;
}

export class AskedCommands {
  /** By number. */
  readonly all: AskedCommand[] = [];
  private readonly byClient: AskedCommand[][] = [];
  private readonly attempts = new Map<string, AskedAttempt>();

  ask(
    clientId: number,
    seq: number,
    op: string,
    readOnly: boolean,
    invokedUs: number,
    floors: readonly (readonly [string, number])[],
  ): AskedCommand {
    const command: AskedCommand = {
      number: this.all.length + 1,
      clientId,
      seq,
      op,
      readOnly,
      invokedUs,
      returnedUs: Number.POSITIVE_INFINITY,
      told: 'nothing',
      value: null,
      position: 0,
      answer: null,
      isPromised: false,
      readAt: -1,
      floors,
      columns: [],
      dates: [],
      era: -1,
      handed: 0,
      unrefused: 0,
      redirectedTo: 0,
    };
    this.all.push(command);
    while (this.byClient.length <= clientId) this.byClient.push([]);
    this.byClient[clientId]![seq] = command;
    return command;
  }

  /** undefined for what nobody has asked for. */
  find(clientId: number, seq: number): AskedCommand | undefined {
    return this.byClient[clientId]?.[seq];
  }

  byNumber(number: number): AskedCommand {
    return this.all[number - 1]!;
  }

  hand(id: string, command: AskedCommand, node: NodeId, boot: number): void {
    this.attempts.set(id, { id, command, node, boot, outcome: null });
    command.handed += 1;
    command.unrefused += 1;
  }

  attempt(id: string): AskedAttempt | undefined {
    return this.attempts.get(id);
  }
}

/** For people: client 2, seq 17. */
export function nameOf({ clientId, seq }: { clientId: number; seq: number }): string {
  return `c${clientId}.${seq}`;
}
