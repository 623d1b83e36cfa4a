/**
 * The step that is under way, as faults see it: sends are gathered and leave in order of their
 * destinations, and every fact that a trigger may wait for is raised at its place in the list of
 * actions, so that a fault can hit between two of them. What comes after a crash is ignored.
 */
import type { Write } from '../../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../../core/messages.ts';
import type { Network } from './network.ts';
import type { Observation } from './observation.ts';
import { writeOfProgram } from './opaque.ts';
import type { Process } from './process.ts';
import { beginsCandidacy, beginsReign, isPreVote, type Reign } from './reign.ts';
import type { Fired, TriggerKind, Triggers } from './triggers.ts';

export abstract class TriggeredStep {
  protected process: Process | null = null;
  /** The server crashed in the middle of this step. */
  protected isCut = false;
  protected readonly network: Network;
  protected readonly observation: Observation;
  protected readonly triggers: Triggers;
  /** Bodies and writes of programs tell nothing: claims do. */
  protected readonly isOpaque: boolean;
  protected readonly carryOut: (fired: Fired) => void;
  /** The first configuration is 1 … members. */
  private readonly members: number;
  /** Sends that wait for the next other action, sorted by destination. */
  private readonly destinations: NodeId[] = [];
  private readonly bodies: Message[] = [];
  private waitingSends = 0;
  private sentTo = 0;
  private hasApplied = false;
  private highestConfiguration: LogIndex = 0;

  constructor(
    members: number,
    network: Network,
    observation: Observation,
    triggers: Triggers,
    isOpaque: boolean,
    carryOut: (fired: Fired) => void,
  ) {
    this.members = members;
    this.network = network;
    this.observation = observation;
    this.triggers = triggers;
    this.isOpaque = isOpaque;
    this.carryOut = carryOut;
  }

  /** The next actions are this server's. */
  open(process: Process): void {
    this.process = process;
    this.isCut = false;
    this.sentTo = 0;
    this.hasApplied = false;
  }

  /** The list of actions is at its end. */
  close(): void {
    const process = this.process!;
    if (!this.isCut) {
      this.flush();
      this.observation.stepEnded(process.node);
      if (this.triggers.waitsForBroadcast) this.noteBroadcast(process);
    }
    this.process = null;
  }

  /** The server is gone: what it had sent is on its way, the rest of its actions is ignored. */
  cut(process: Process): void {
    if (this.process !== process || this.isCut) return;
    this.flush();
    this.isCut = true;
  }

  /** A message to a server waits for the end of the run of sends. */
  protected gather(to: NodeId, body: Message): void {
    let place = this.waitingSends;
    this.waitingSends += 1;
    while (place > 0 && this.destinations[place - 1]! > to) {
      this.destinations[place] = this.destinations[place - 1]!;
      this.bodies[place] = this.bodies[place - 1]!;
      place -= 1;
    }
    this.destinations[place] = to;
    this.bodies[place] = body;
    this.sentTo |= 1 << to;
  }

  /** Another action comes: what was sent before it leaves. */
  protected flush(): void {
    const count = this.waitingSends;
    if (count === 0) return;
    this.waitingSends = 0;
    const node = this.process!.node;
    for (let i = 0; i < count; i += 1) {
      this.network.send(node, this.destinations[i]!, this.bodies[i]!);
    }
  }

  /** Raises a fact; true when a fault that it fired has ended this server's life. */
  protected raise(kind: TriggerKind, count: number): boolean {
    const fired = this.triggers.raise(kind, this.process!.node, count);
    if (fired === null) return false;
    this.flush();
    this.carryOut(fired);
    return this.isCut;
  }

  /** A crash point lies before every action: true when the server did not live to carry it out. */
  protected isActionFatal(): boolean {
    return this.triggers.waitsForAction && this.raise('action', -1);
  }

  /**
   * Facts about an entry that is about to be applied: the first one that a leader applies in a step
   * tells that its commit index has advanced.
   */
  protected isApplyFatal(index: LogIndex, entry: Entry): boolean {
    if (this.process!.reign.isLeading && !this.hasApplied) {
      this.hasApplied = true;
      if (this.raise('commit', -1)) return true;
    }
    if (entry.configuration === undefined || index <= this.highestConfiguration) return false;
    this.highestConfiguration = index;
    return this.raise('configurationCommitted', -1);
  }

  /** The entries that a leader has made so far refine the fact: 0 at its first act. */
  protected isReignFatal(reign: Reign): boolean {
    if (this.raise('leader', reign.appends)) return true;
    return reign.isAnother && this.raise('leaderAgain', reign.appends);
  }

  /** A claim of a program stands for the messages that would tell of it. */
  protected isOpaqueClaimFatal(role: 'follower' | 'candidate' | 'leader', term: Term): boolean {
    this.network.noteClaim(this.process!.node, role, term);
    return (
      role === 'candidate' && this.triggers.waitsFor('candidate') && this.raise('candidate', -1)
    );
  }

  /** Facts about a message that is about to leave: true when the server does not live to send it. */
  protected isSendFatal(body: Message): boolean {
    const { reign } = this.process!;
    if (beginsReign(reign, body) && this.isReignFatal(reign)) return true;
    if (beginsCandidacy(reign, body) && this.raise('candidate', -1)) return true;
    if (isVote(body)) return this.raise('voteGranted', 0);
    return body.kind === 'AppendEntriesResponse' && body.success && this.raise('success', 0);
  }

  /** The same once it is among those that leave. */
  protected noteSent(body: Message): void {
    if (isVote(body)) this.raiseSent('voteGranted', 1);
    if (body.kind === 'AppendEntriesResponse' && body.success) this.raiseSent('success', 1);
    if (body.kind === 'InstallSnapshot') this.raiseSent('snapshotSent', 0);
    if (body.kind === 'InstallSnapshot' && body.done) this.raiseSent('snapshotSent', 1);
    if (body.kind === 'TimeoutNow') this.raiseSent('timeoutNow', -1);
    if (this.isCut || !this.triggers.waitsFor('sendBehindWrite')) return;
    if (this.process!.disk.hasUnfinished()) this.raise('sendBehindWrite', -1);
  }

  /** Facts about a write that has been issued. */
  protected noteIssued(write: Write): void {
    const { reign } = this.process!;
    if (this.isOpaque && this.isOpaqueWriteFatal(write, reign)) return;
    if (write.kind === 'append' && reign.isLeading) {
      for (let i = 0; i < write.entries.length; i += 1) {
        reign.appends += 1;
        if (this.isReignFatal(reign)) return;
        const isConfiguration = write.entries[i]!.configuration !== undefined;
        if (isConfiguration && this.raise('configuration', -1)) return;
      }
    }
    if (write.kind === 'truncateFrom' && this.raise('truncate', -1)) return;
    if (write.kind === 'snapshot' && this.raise('snapshotWritten', -1)) return;
    if (this.triggers.waitsForWrite) this.raise('write', 1);
  }

  /** Who saves all of its state in a value appends with every write. */
  private isOpaqueWriteFatal(opaque: Write, reign: Reign): boolean {
    const write = writeOfProgram(opaque);
    if ('truncateFrom' in write) return this.raise('truncate', -1);
    if (!reign.isLeading) return false;
    const count = 'append' in write ? write.append.length : 'put' in write ? 1 : 0;
    for (let i = 0; i < count; i += 1) {
      reign.appends += 1;
      if (this.isReignFatal(reign)) return true;
    }
    return false;
  }

  private raiseSent(kind: TriggerKind, count: number): void {
    if (this.isCut || !this.triggers.waitsFor(kind)) return;
    this.flush();
    this.raise(kind, count);
  }

  /** To all of the first configuration, spare servers or not. */
  private noteBroadcast(process: Process): void {
    const everyone = ((1 << (this.members + 1)) - 2) & ~(1 << process.node);
    const isBroadcast = (this.sentTo & everyone) === everyone && process.silentSteps > 0;
    process.silentSteps = this.sentTo === 0 ? process.silentSteps + 1 : 0;
    if (isBroadcast) this.raise('broadcast', -1);
  }
}

/** A pre-vote promises nothing, so it is none. */
function isVote(body: Message): boolean {
  return body.kind === 'RequestVoteResponse' && body.voteGranted && !isPreVote(body);
}
