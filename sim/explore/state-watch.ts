/**
 * Folds the facts of a run into abstract states: small keys that say what the acting server is in
 * relation to the rest of the cluster, and what has just happened to it. Terms, indexes and names of servers
 * are not in them: runs that differ in those alone reach the same states.
 */
import type { Message, NodeId } from '../../core/messages.ts';
import type { Facts, SurvivingWrite } from '../../invariants/facts.ts';
import type { Ledgers } from '../../invariants/ledgers/ledgers.ts';
import { RELATION_BITS, referenceOf, relationOf } from './relation.ts';
import type { StateSet } from './state-set.ts';

/** What happened; messages begin at `message`. */
const Step = {
  booted: 0,
  restarted: 1,
  fired: 2,
  requested: 3,
  persisted: 4,
  persistFailed: 5,
  crashed: 6,
  paused: 7,
  snapshotTaken: 8,
  adminRequested: 9,
  message: 16,
} as const;
const STEP_BITS = 6;

export class StateWatch implements Facts {
  private readonly ledgers: Ledgers;
  private readonly states: StateSet;
  private atMs = 0;
  private step = 0;
  /** Sender of the message of this step; 0 for none. */
  private from: NodeId = 0;
  private last = 0;

  /** `ledgers` are kept by the judge of the run, which gets every fact first. */
  constructor(ledgers: Ledgers, states: StateSet) {
    this.ledgers = ledgers;
    this.states = states;
  }

  started(atUs: number, _node: NodeId, boot: number): void {
    this.open(atUs, boot === 0 ? Step.booted : Step.restarted);
  }

  delivered(
    atUs: number,
    node: NodeId,
    from: NodeId,
    messageId: number,
    _stamp: number,
    body: Message,
  ): void {
    const server = this.ledgers.servers[node]!;
    const isStale = body.term < server.issuedTerm ? 2 : 0;
    const isFromEarlierLife = messageId < server.firstMessageId ? 1 : 0;
    this.open(atUs, Step.message + kindOf(body) * 4 + isStale + isFromEarlierLife);
    this.from = from;
  }

  fired(atUs: number): void {
    this.open(atUs, Step.fired);
  }

  requested(atUs: number): void {
    this.open(atUs, Step.requested);
  }

  persisted(atUs: number): void {
    this.open(atUs, Step.persisted);
  }

  persistFailed(atUs: number): void {
    this.open(atUs, Step.persistFailed);
  }

  snapshotTaken(atUs: number): void {
    this.open(atUs, Step.snapshotTaken);
  }

  adminRequested(atUs: number): void {
    this.open(atUs, Step.adminRequested);
  }

  stepEnded(node: NodeId): void {
    this.note(node);
  }

  crashed(atUs: number, node: NodeId, _survivors: readonly SurvivingWrite[]): void {
    this.open(atUs, Step.crashed);
    this.note(node);
  }

  paused(atUs: number, node: NodeId): void {
    this.open(atUs, Step.paused);
    this.note(node);
  }

  sent(): number {
    return 0;
  }

  timerSet(): void {}
  timerCancelled(): void {}
  persistIssued(): void {}
  applied(): void {}
  snapshotAsked(): void {}
  restored(): void {}
  responded(): void {}
  claimed(): void {}
  halted(): void {}
  noted(): void {}
  struck(): void {}
  wiped(): void {}
  resumed(): void {}
  blocked(): void {}
  prepared(): void {}
  phaseBegan(): void {}
  inspected(): void {}
  stateInspected(): void {}
  invoked(): void {}
  returned(): void {}

  private open(atUs: number, step: number): void {
    this.atMs = Math.floor(atUs / 1000);
    this.step = step;
    this.from = 0;
  }

  /** The step is over: what is this server to the others, and the sender to this one? */
  private note(node: NodeId): void {
    const { ledgers } = this;
    const { servers } = ledgers;
    const reference = referenceOf(ledgers);
    let key = (this.step << RELATION_BITS) | relationOf(servers[node]!, reference, ledgers);
    if (this.from !== 0) {
      key |= relationOf(servers[this.from]!, reference, ledgers) << (RELATION_BITS + STEP_BITS);
    }
    if (key === this.last) return;
    this.last = key;
    this.states.add(key, this.atMs);
  }
}

/** 0 to 7: what the message says, without its numbers. */
function kindOf(body: Message): number {
  switch (body.kind) {
    case 'AppendEntries':
      return body.entries.length > 0 ? 0 : 1;
    case 'AppendEntriesResponse':
      return body.success ? 2 : 3;
    case 'RequestVote':
      return 4;
    case 'RequestVoteResponse':
      return body.voteGranted ? 5 : 6;
    default:
      return 7;
  }
}
