/**
 * Client sessions (§8, thesis §6.3). A client that does not know what became of a command sends it
 * again, so the log may hold it twice; the state machine carries it out once, and gives a duplicate
 * the answer that its first copy got.
 */
import type { Command, LogIndex } from './messages.ts';

/** The answer to a command of a session that was never opened, or has expired: nothing is done. */
export const noSuchSession = 'no such session';
/** The answer to a duplicate that comes so late that its client has its answer already. */
export const answeredBefore = 'answered before';

interface Session {
  /** Logged time of its last command. */
  lastUsedMs: number;
  /** The client has the answers to all commands below this seq. Only rises. */
  answeredBelow: number;
  /** By seq, from answeredBelow on: the answers that the client may still ask for. */
  readonly answers: Map<number, string | null>;
}

/** [session, lastUsedMs, answeredBelow, [seq, answer] pairs in the order of seq] */
export type SessionRecord = [number, number, number, [number, string | null][]];

/** Part of the replicated state: what is in here follows from the log alone. */
export class Sessions {
  /** In the order of their ids, which is the order in which they were opened. */
  readonly #sessions = new Map<number, Session>();
  readonly #expiryMs: number;
  /** No session expires before this. */
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  /** Sessions end when they were not used for `expiryMs` of logged time; 0: never. */
  constructor(expiryMs: number) {
    this.#expiryMs = expiryMs === 0 ? Number.POSITIVE_INFINITY : expiryMs;
  }

  /** Opens a session. Its id is the index of the entry that asks for it, so no two are the same. */
  register(index: LogIndex, clock: number): string {
    this.#open(index, { lastUsedMs: clock, answeredBelow: 0, answers: new Map() });
    return String(index);
  }

  /** The answer to a command of a session, which `carryOut` gives when it is new. */
  applyOnce(
    command: Command,
    session: number,
    clock: number,
    carryOut: (command: Command) => string | null,
  ): string | null {
    const open = this.#sessions.get(session);
    // It may have been carried out while the session was open: to do it now could be the second time.
    if (open === undefined) return noSuchSession;
    open.lastUsedMs = clock;
    if (command.seq < open.answeredBelow) return answeredBefore;
    forgetAnswered(open, command.answeredBelow ?? command.seq);
    // Its own answer, not the latest: a client may have several commands under way.
    const answer = open.answers.get(command.seq);
    if (answer !== undefined) return answer;
    const firstAnswer = carryOut(command);
    open.answers.set(command.seq, firstAnswer);
    return firstAnswer;
  }

  /** Ends what was not used for too long. All servers see the same clock at the same entry. */
  expire(clock: number): void {
    if (clock < this.#nextExpiryMs) return;
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [id, { lastUsedMs }] of this.#sessions) {
      const expiresMs = lastUsedMs + this.#expiryMs;
      if (expiresMs <= clock) this.#sessions.delete(id);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresMs);
    }
  }

  /** A snapshot without the sessions would let old commands take effect again (thesis §6.3). */
  records(): SessionRecord[] {
    return [...this.#sessions].map(([id, { lastUsedMs, answeredBelow, answers }]) => {
      return [id, lastUsedMs, answeredBelow, [...answers].sort(([a], [b]) => a - b)];
    });
  }

  restore(records: readonly SessionRecord[]): void {
    this.#sessions.clear();
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [id, lastUsedMs, answeredBelow, answers] of records) {
      this.#open(id, { lastUsedMs, answeredBelow, answers: new Map(answers) });
    }
  }

  #open(id: number, session: Session): void {
    this.#sessions.set(id, session);
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, session.lastUsedMs + this.#expiryMs);
  }
}

/** The client will not ask for these again: each command says which answers it still lacks. */
function forgetAnswered(session: Session, answeredBelow: number): void {
  if (answeredBelow <= session.answeredBelow) return;
  session.answeredBelow = answeredBelow;
  for (const seq of session.answers.keys()) {
    if (seq < answeredBelow) session.answers.delete(seq);
  }
}
