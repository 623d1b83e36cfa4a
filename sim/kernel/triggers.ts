/**
 * Faults that wait for a fact. Facts are raised per action, in list order, so a fault can act
 * between two actions of one step. A trigger counts the facts it waits for and fires once.
 */
import type { NodeId } from '../../core/messages.ts';
import type { Fault, FaultTrigger } from './plan.ts';

export type TriggerKind = FaultTrigger['on'];

interface Armed {
  readonly trigger: FaultTrigger;
  /** Place in plan.faults. */
  readonly fault: number;
  seen: number;
}

/** What is to happen, and to whom: a fault of the plan and the node of the fact that fired it. */
export interface Fired {
  readonly fault: number;
  readonly subject: NodeId;
}

export class Triggers {
  /** True while some fault waits for such facts: asked before every action, so plain fields. */
  waitsForAction = false;
  waitsForWrite = false;
  waitsForBroadcast = false;
  waitsForSenders = false;
  waitsForApply = false;
  waitsForAcknowledgement = false;
  waitsForStart = false;
  waitsForRead = false;
  /** leader or leaderAgain. */
  waitsForReign = false;
  /** Some fact about a message that leaves, a write that is issued, or an entry that is applied. */
  watchesSends = false;
  watchesWrites = false;
  watchesApplies = false;
  private readonly armed: Record<TriggerKind, Armed[]> = {
    leader: [],
    commit: [],
    voteGranted: [],
    write: [],
    action: [],
    broadcast: [],
    senders: [],
    apply: [],
    acknowledged: [],
    started: [],
    candidate: [],
    leaderAgain: [],
    success: [],
    truncate: [],
    sendBehindWrite: [],
    configuration: [],
    configurationCommitted: [],
    snapshotSent: [],
    snapshotTaken: [],
    snapshotWritten: [],
    timeoutNow: [],
    readServed: [],
  };

  constructor(faults: readonly Fault[]) {
    for (let i = 0; i < faults.length; i += 1) {
      const when = faults[i]!.when;
      if ('on' in when) this.armed[when.on].push({ trigger: when, fault: i, seen: 0 });
    }
    this.notice();
  }

  /** Some fault still waits for a fact. */
  get isArmed(): boolean {
    return Object.values(this.armed).some((list) => list.length > 0);
  }

  /** Forgets all that is still armed. */
  disarm(): void {
    for (const list of Object.values(this.armed)) list.length = 0;
    this.notice();
  }

  /**
   * A fact of this kind happened at `subject`; `count` refines it as FaultTrigger says, -1 where it
   * does not. Returns the first fault that fires, or null; others that were due fire at the next
   * such fact.
   */
  raise(kind: TriggerKind, subject: NodeId, count: number): Fired | null {
    const list = this.armed[kind];
    let fired: Fired | null = null;
    for (let i = 0; i < list.length; i += 1) {
      const armed = list[i]!;
      const { node, nth } = armed.trigger;
      if (node !== 0 && node !== subject) continue;
      if (count >= 0 && armed.trigger.count !== count) continue;
      armed.seen += 1;
      if (armed.seen < nth || fired !== null) continue;
      fired = { fault: armed.fault, subject };
      list.splice(i, 1);
      i -= 1;
    }
    if (fired !== null) this.notice();
    return fired;
  }

  /** Not for every action: there are fields for those. */
  waitsFor(kind: TriggerKind): boolean {
    return this.armed[kind].length > 0;
  }

  private notice(): void {
    this.waitsForAction = this.waitsFor('action');
    this.waitsForWrite = this.waitsFor('write');
    this.waitsForBroadcast = this.waitsFor('broadcast');
    this.waitsForSenders = this.waitsFor('senders');
    this.waitsForApply = this.waitsFor('apply');
    this.waitsForAcknowledgement = this.waitsFor('acknowledged');
    this.waitsForStart = this.waitsFor('started');
    this.waitsForRead = this.waitsFor('readServed');
    this.waitsForReign = this.waitsFor('leader') || this.waitsFor('leaderAgain');
    this.watchesSends =
      this.waitsForReign ||
      this.waitsForAny('commit', 'configuration', 'candidate', 'voteGranted', 'success') ||
      this.waitsForAny('sendBehindWrite', 'snapshotSent', 'timeoutNow');
    this.watchesWrites =
      this.waitsForWrite ||
      this.waitsForReign ||
      this.waitsForAny('truncate', 'configuration', 'snapshotWritten');
    this.watchesApplies = this.waitsForAny('commit', 'configurationCommitted');
  }

  private waitsForAny(...kinds: readonly TriggerKind[]): boolean {
    return kinds.some((kind) => this.waitsFor(kind));
  }
}
