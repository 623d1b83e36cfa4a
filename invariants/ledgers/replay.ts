/** The committed log, carried out once: what every state machine must answer, and hold. */
import type { LogIndex } from '../../core/messages.ts';
import type { CommandRecord } from './commands.ts';
import { KeyValueModel } from './key-value-model.ts';
import { SessionModel, type SessionState } from './session-model.ts';

/** What a state machine holds, as the text of a snapshot has it. */
export interface StateShown {
  readonly clock: number;
  readonly keys: readonly (readonly [string, string, number])[];
  readonly sessions: readonly SessionState[];
}

export class Replay {
  readonly keys = new KeyValueModel();
  /** Everything through here has been carried out. */
  last: LogIndex = 0;
  /** Earlier indexes than this one are forgotten. */
  base: LogIndex = 0;
  /** Some read was answered without the log. */
  hasDirectReads = false;
  private readonly sessions: SessionModel;
  /** What a state machine holds that carries out duplicates; null before the first one. */
  private twice: KeyValueModel | null = null;

  constructor(sessionExpiryMs: number) {
    this.sessions = new SessionModel(sessionExpiryMs);
  }

  /** Carries out the next entry; the answer to its command. */
  carryOut(record: CommandRecord, wallClock: number): string | null {
    this.last += 1;
    const { keys, sessions, last, twice } = this;
    keys.advance(last, wallClock);
    if (record.session === 0) {
      if (record.op === 'register') return sessions.register(last, keys.clock);
      if (twice !== null) carryOutAgain(twice, record, last, wallClock);
      return keys.carryOut(record.op, last);
    }
    const known = sessions.answer(record, last, keys.clock);
    if (known !== undefined) {
      // The first duplicate: from here on the two differ.
      this.twice ??= keys.copy();
      carryOutAgain(this.twice, record, last, wallClock);
      return known;
    }
    if (twice !== null) carryOutAgain(twice, record, last, wallClock);
    const answer = keys.carryOut(record.op, last);
    sessions.note(record, answer);
    return answer;
  }

  /** The next entry is no command: a state machine does not see it. */
  skip(): void {
    this.last += 1;
  }

  /** What a read would find at `index` if duplicates took effect; null where there are none. */
  readTwice(op: string, index: LogIndex): string | null {
    return this.twice === null ? null : this.twice.read(op, index);
  }

  /** At an index from `base` through `last`. */
  stateAt(index: LogIndex): StateShown {
    const clock = this.keys.clockAt(index);
    const keys = this.keys.contentsAt(index);
    return { clock, keys, sessions: this.sessions.openAt(index, clock) };
  }

  /** Nobody asks for an index below this one any more. */
  forgetBelow(index: LogIndex): void {
    if (index <= this.base) return;
    this.base = index;
    this.sessions.forgetBelow(index, this.keys.clockAt(index));
    this.keys.forgetBelow(index);
    this.twice?.forgetBelow(index);
  }
}

function carryOutAgain(
  twice: KeyValueModel,
  { op }: CommandRecord,
  index: LogIndex,
  wallClock: number,
): void {
  twice.advance(index, wallClock);
  twice.carryOut(op, index);
}
