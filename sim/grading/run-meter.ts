/** What a run costs, and which timers its servers set: counted beside the judge. */
import type { ClientRequest } from '../../core/contract.ts';
import type { Message } from '../../core/messages.ts';
import type { Facts } from '../../invariants/facts.ts';
import { bodyOfProgram } from '../kernel/opaque.ts';

const NODES_MAX = 7;
const NOTHING = (): void => {};

/** The recorder of a graded run. */
export class RunMeter implements Facts {
  messages = 0;
  /** Characters of bodies as JSON; 0 where nobody asked for them. */
  characters = 0;
  timers = 0;
  wakeUps = 0;
  /** Timers that lie wholly within the declared election timeouts. */
  electionTimers = 0;
  /** The longest timer, in milliseconds of its server. */
  longestMs = 0;
  /** When a server first wrote, sent or claimed anything in a later step than its first; -1: never. */
  firstActUs = -1;
  /** Before that the world had struck a server: what comes late need not be its fault. */
  isDisturbed = false;
  private nowUs = 0;
  private isStarting = false;
  reigns = 0;
  candidacies = 0;
  termsInVain = 0;
  private inVain = 0;
  private stoodTerm = -1;
  /** Per server: requests that it has taken in this life and not answered, and when. */
  private readonly open = Array.from({ length: NODES_MAX + 1 }, () => new Map<string, number>());
  private readonly electionMs: readonly [number, number];
  private readonly countsCharacters: boolean;

  constructor(electionMs: readonly [number, number], countsCharacters: boolean) {
    this.electionMs = electionMs;
    this.countsCharacters = countsCharacters;
  }

  sent(_node: number, _to: number, _messageId: number, _copies: number, body: Message): number {
    this.messages += 1;
    this.noteAct();
    if (this.countsCharacters) this.characters += JSON.stringify(bodyOfProgram(body)).length;
    return 0;
  }

  timerSet(_node: number, _timer: string, minMs: number, maxMs: number): void {
    const [least, most] = this.electionMs;
    this.timers += 1;
    if (minMs >= least && maxMs <= most) this.electionTimers += 1;
    if (maxMs > this.longestMs) this.longestMs = maxMs;
  }

  claimed(_node: number, role: 'follower' | 'candidate' | 'leader', term: number): void {
    this.noteAct();
    if (role === 'follower') return;
    if (role === 'leader') {
      this.reigns += 1;
      this.inVain = 0;
      return;
    }
    this.candidacies += 1;
    if (term <= this.stoodTerm) return;
    this.stoodTerm = term;
    this.inVain += 1;
    if (this.inVain > this.termsInVain) this.termsInVain = this.inVain;
  }

  requested(atUs: number, node: number, requests: readonly ClientRequest[]): void {
    this.begin(atUs);
    for (const { id } of requests) this.open[node]!.set(id, atUs);
  }

  responded(node: number, requestId: string): void {
    this.open[node]!.delete(requestId);
  }

  crashed(_atUs: number, node: number): void {
    this.noteStrike();
    this.open[node]!.clear();
  }

  halted(node: number): void {
    this.open[node]!.clear();
  }

  /** Requests from before that time that nobody has answered, though their server lives. */
  unansweredBefore(untilUs: number): number {
    let count = 0;
    for (const requests of this.open) {
      for (const atUs of requests.values()) if (atUs < untilUs) count += 1;
    }
    return count;
  }

  started(atUs: number): void {
    this.begin(atUs);
    this.isStarting = true;
  }

  fired(atUs: number): void {
    this.begin(atUs);
    this.wakeUps += 1;
  }

  delivered(atUs: number): void {
    this.begin(atUs);
  }

  persisted(atUs: number): void {
    this.begin(atUs);
  }

  persistIssued(): void {
    this.noteAct();
  }

  paused(): void {
    this.noteStrike();
  }

  private begin(atUs: number): void {
    this.nowUs = atUs;
    this.isStarting = false;
  }

  private noteAct(): void {
    if (this.firstActUs < 0 && !this.isStarting) this.firstActUs = this.nowUs;
  }

  private noteStrike(): void {
    if (this.firstActUs < 0) this.isDisturbed = true;
  }

  readonly persistFailed = NOTHING;
  readonly snapshotTaken = NOTHING;
  readonly adminRequested = NOTHING;
  readonly timerCancelled = NOTHING;
  readonly applied = NOTHING;
  readonly snapshotAsked = NOTHING;
  readonly restored = NOTHING;
  readonly noted = NOTHING;
  readonly stepEnded = NOTHING;
  readonly struck = NOTHING;
  readonly wiped = NOTHING;
  readonly resumed = NOTHING;
  readonly blocked = NOTHING;
  readonly prepared = NOTHING;
  readonly phaseBegan = NOTHING;
  readonly inspected = NOTHING;
  readonly stateInspected = NOTHING;
  readonly invoked = NOTHING;
  readonly returned = NOTHING;
}
