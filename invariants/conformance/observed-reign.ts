/** What a leader has said and heard in its present reign: rounds of contact, and what it made. */
import type { Configuration, LogIndex, NodeId } from '../../core/messages.ts';
import { copiesMinOf, countedThrough } from './quorums.ts';

/** When something happened. */
export interface Occasion {
  readonly step: number;
  readonly atUs: number;
}

export class Reign {
  readonly began: Occasion;
  /** Of the first entry that it made; 0 for none. */
  firstIndex: LogIndex = 0;
  /** By round: when the first message of it left. */
  readonly rounds = new Map<number, Occasion>();
  /** The newest round that a majority has answered; Infinity for a leader that needs nobody else. */
  confirmedRound = 0;
  /** A majority was heard since then. */
  contactUs: number;
  /** Whom it has asked to stand (TimeoutNow); 0: nobody. */
  successor: NodeId = 0;
  /** Messages sent in a row, in different milliseconds, without contact to a majority. */
  lonelyTicks = 0;
  lonelyStep = 0;
  /** By node: the newest round that it has answered, and when it was last heard. */
  private readonly answered: number[] = [];
  private readonly heardUs: number[] = [];

  constructor(began: Occasion) {
    this.began = began;
    this.contactUs = began.atUs;
  }

  sendRound(round: number | undefined, { step, atUs }: Occasion): void {
    if (round !== undefined && !this.rounds.has(round)) this.rounds.set(round, { step, atUs });
  }

  hearAnswer(from: NodeId, round: number | undefined, atUs: number): void {
    this.heardUs[from] = atUs;
    this.answered[from] = Math.max(this.answered[from] ?? 0, round ?? 0);
  }

  /**
   * By the configuration in force: what was confirmed under an earlier one stays so. Of an even number
   * half is enough: it intersects every majority.
   */
  count(leader: NodeId, inForce: Configuration): void {
    this.answered[leader] = Number.POSITIVE_INFINITY;
    this.heardUs[leader] = Number.POSITIVE_INFINITY;
    const confirmed = countedThrough(inForce, this.answered, copiesMinOf);
    const heardUs = countedThrough(inForce, this.heardUs, copiesMinOf);
    this.confirmedRound = Math.max(this.confirmedRound, confirmed);
    this.contactUs = Math.max(this.contactUs, heardUs);
  }
}
