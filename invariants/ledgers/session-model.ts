/**
 * What the committed log makes of sessions (§8, thesis §6.3), at every index: written a second time,
 * as KeyValueModel is.
 */
import type { LogIndex } from '../../core/messages.ts';

const NO_SUCH_SESSION = 'no such session';
const ANSWERED_BEFORE = 'answered before';

/** The registration, or a command of the session, duplicates included. */
interface Use {
  readonly index: LogIndex;
  /** Logged time there. */
  readonly clock: number;
  /** The client has the answers to all commands below this seq. */
  readonly answeredBelow: number;
  /** The seq that was carried out here, and its answer; 0 for none. */
  readonly seq: number;
  readonly answer: string | null;
}

interface Session {
  /** Oldest first, as far back as anybody may ask. */
  uses: Use[];
  /** By seq: the answers that may still be asked for. */
  readonly answers: Map<number, string | null>;
}

/** [session, last used, answered below, [seq, answer] pairs]: as snapshots have it. */
export type SessionState = [number, number, number, [number, string | null][]];

/** A command of a session. */
export interface SessionCommand {
  readonly session: number;
  readonly seq: number;
  readonly answeredBelow: number;
}

export class SessionModel {
  private readonly expiryMs: number;
  private readonly sessions = new Map<number, Session>();

  /** 0: sessions never end. */
  constructor(expiryMs: number) {
    this.expiryMs = expiryMs === 0 ? Number.POSITIVE_INFINITY : expiryMs;
  }

  register(index: LogIndex, clock: number): string {
    const use = { index, clock, answeredBelow: 0, seq: 0, answer: null };
    this.sessions.set(index, { uses: [use], answers: new Map() });
    return String(index);
  }

  /** The answer to a command that is not to be carried out; undefined when it is, and then `note`d. */
  answer(command: SessionCommand, index: LogIndex, clock: number): string | null | undefined {
    const { seq } = command;
    const session = this.sessions.get(command.session);
    if (session === undefined) return NO_SUCH_SESSION;
    const last = session.uses[session.uses.length - 1]!;
    if (this.hasEnded(last, clock)) return NO_SUCH_SESSION;
    const { answers, uses } = session;
    const isLate = seq < last.answeredBelow;
    const answeredBelow = isLate
      ? last.answeredBelow
      : Math.max(last.answeredBelow, command.answeredBelow);
    uses.push({ index, clock, answeredBelow, seq: 0, answer: null });
    if (isLate) return ANSWERED_BEFORE;
    for (const old of answers.keys()) if (old < answeredBelow) answers.delete(old);
    return answers.get(seq);
  }

  /** What `answer` did not know was carried out. */
  note({ session, seq }: SessionCommand, answer: string | null): void {
    const { uses, answers } = this.sessions.get(session)!;
    answers.set(seq, answer);
    const use = uses.pop()!;
    uses.push({ ...use, seq, answer });
  }

  /** All sessions that are open at `index`, when logged time is `clock`, in the order of their ids. */
  openAt(index: LogIndex, clock: number): SessionState[] {
    const open: SessionState[] = [];
    for (const [session, { uses }] of this.sessions) {
      const place = uses.findLastIndex((use) => use.index <= index);
      if (place < 0 || this.hasEnded(uses[place]!, clock)) continue;
      const { clock: lastUsedMs, answeredBelow } = uses[place]!;
      const answers: [number, string | null][] = [];
      for (const { seq, answer } of uses.slice(0, place + 1)) {
        if (seq !== 0 && seq >= answeredBelow) answers.push([seq, answer]);
      }
      answers.sort(([a], [b]) => a - b);
      open.push([session, lastUsedMs, answeredBelow, answers]);
    }
    return open;
  }

  /** Nobody asks for an index below this one any more; logged time there is `clock`. */
  forgetBelow(index: LogIndex, clock: number): void {
    for (const [id, session] of this.sessions) {
      const { uses } = session;
      const place = uses.findLastIndex((use) => use.index <= index);
      if (place < 0) continue;
      const { answeredBelow } = uses[place]!;
      if (place === uses.length - 1 && this.hasEnded(uses[place]!, clock)) this.sessions.delete(id);
      session.uses = uses.filter(
        ({ seq }, at) => at >= place || (seq !== 0 && seq >= answeredBelow),
      );
    }
  }

  private hasEnded({ clock: lastUsedMs }: Use, clock: number): boolean {
    return clock >= lastUsedMs + this.expiryMs;
  }
}
