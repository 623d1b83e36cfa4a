/** What a run record keeps: every fact, as it comes in, as an item of a plain array. */
import type { AdminRequest, ClientRequest, Outcome, Write } from '../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../core/messages.ts';
import type { Facts, Phase, SurvivingWrite } from '../invariants/facts.ts';
import { configurationIn, showConfiguration } from './configurations.ts';
import { DiskImage, EMPTY_DISK } from './disk-image.ts';
import type {
  AdminAnswered,
  AdminAsked,
  Applied,
  Blocked,
  Claimed,
  ConfigurationChange,
  Delivered,
  DiskChange,
  Invoked,
  Issued,
  Lifecycle,
  Moment,
  ReadServed,
  Restored,
  Returned,
  Sent,
  SnapshotMoment,
} from './record-items.ts';

export class RecordedFacts implements Facts {
  /** Servers in all, spares included. */
  readonly size: number;
  /** The voters of the bootstrap configuration are 1 … members. */
  readonly members: number;
  readonly sends: Sent[] = [];
  readonly deliveries: Delivered[] = [];
  readonly writes: Issued[] = [];
  readonly disks: DiskChange[] = [];
  readonly applies: Applied[] = [];
  readonly restores: Restored[] = [];
  readonly snapshotsAsked: SnapshotMoment[] = [];
  readonly snapshotsTaken: SnapshotMoment[] = [];
  readonly configurations: ConfigurationChange[] = [];
  readonly adminAsks: AdminAsked[] = [];
  readonly adminAnswers: AdminAnswered[] = [];
  readonly readsServed: ReadServed[] = [];
  readonly claims: Claimed[] = [];
  readonly lifecycles: Lifecycle[] = [];
  readonly blocks: Blocked[] = [];
  readonly invocations: Invoked[] = [];
  readonly returns: Returned[] = [];
  readonly phases: { readonly atUs: number; readonly phase: Phase }[] = [];
  /** Time of the last fact. */
  endUs = 0;
  protected readonly boots: number[] = [];
  private order = 0;
  private isStarting = false;
  /** By server, in words. */
  private readonly inForce: string[] = [];
  private readonly images: DiskImage[] = [];
  /** By server: client requests of its life that it has neither answered nor applied. */
  private readonly requests: Map<string, ClientRequest>[] = [];

  constructor(size: number, members: number) {
    this.size = size;
    this.members = members;
    for (let node = 0; node <= size; node += 1) {
      this.images.push(new DiskImage());
      this.boots.push(-1);
      this.requests.push(new Map());
      this.inForce.push(
        showConfiguration(configurationIn(EMPTY_DISK, this.bootstrapOf(node)).configuration),
      );
    }
  }

  /** Servers 1 … size. */
  get nodes(): NodeId[] {
    return Array.from({ length: this.size }, (_, i) => i + 1);
  }

  /** The bootstrap configuration, as this server is told of it: a spare is told of none. */
  bootstrapOf(node: NodeId): NodeId[] {
    return node > this.members ? [] : this.nodes.slice(0, this.members);
  }

  // Facts, as they come in. Those of actions carry no time: it is that of their step.

  started(atUs: number, node: NodeId, boot: number): void {
    this.boots[node] = boot;
    this.isStarting = true;
    this.requests[node]!.clear();
    this.lifecycles.push({ ...this.moment(atUs), node, what: 'started' });
  }

  delivered(
    atUs: number,
    to: NodeId,
    from: NodeId,
    _messageId: number,
    _stamp: number,
    body: Message,
  ): void {
    this.deliveries.push({ ...this.moment(atUs), from, to, body });
  }

  fired(atUs: number): void {
    this.moment(atUs);
  }

  requested(atUs: number, node: NodeId, requests: readonly ClientRequest[]): void {
    this.moment(atUs);
    for (const request of requests) this.requests[node]!.set(request.id, request);
  }

  persisted(atUs: number, node: NodeId, writeId: number): void {
    this.images[node]!.complete(writeId);
    this.noteDisk(atUs, node);
  }

  persistFailed(atUs: number, node: NodeId, writeId: number): void {
    this.images[node]!.fail(writeId);
    this.noteDisk(atUs, node);
  }

  sent(from: NodeId, to: NodeId, _messageId: number, copies: number, body: Message): number {
    this.sends.push({ ...this.moment(this.endUs), from, to, copies, body });
    return 0;
  }

  timerSet(): void {}

  timerCancelled(): void {}

  persistIssued(node: NodeId, writeId: number, stream: string, after: number, write: Write): void {
    this.writes.push({ ...this.moment(this.endUs), node, write });
    this.images[node]!.issue(writeId, stream, after, write);
    this.noteDisk(this.endUs, node);
  }

  snapshotTaken(atUs: number, node: NodeId, index: LogIndex, data: string): void {
    this.snapshotsTaken.push({ ...this.moment(atUs), node, index, data });
  }

  adminRequested(atUs: number, node: NodeId, id: string, request: AdminRequest): void {
    this.adminAsks.push({ ...this.moment(atUs), node, id, request });
  }

  snapshotAsked(node: NodeId, index: LogIndex): void {
    this.snapshotsAsked.push({ ...this.moment(this.endUs), node, index, data: null });
  }

  restored(node: NodeId, index: LogIndex, data: string): void {
    const { isStarting } = this;
    const boot = this.boots[node]!;
    this.restores.push({
      ...this.moment(this.endUs),
      node,
      boot,
      index,
      data,
      isStart: isStarting,
    });
  }

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    const boot = this.boots[node]!;
    this.applies.push({ ...this.moment(this.endUs), node, boot, index, entry });
    if (entry.command === null) return;
    const { clientId, seq } = entry.command;
    for (const [id, { command }] of this.requests[node]!) {
      if (command.clientId !== clientId || command.seq !== seq) continue;
      this.requests[node]!.delete(id);
    }
  }

  responded(node: NodeId, id: string, outcome: Outcome, hint: NodeId, value: string | null): void {
    const asked = this.adminAsks.findLast((item) => item.id === id && item.node === node);
    if (asked !== undefined) {
      this.adminAnswers.push({ ...asked, ...this.moment(this.endUs), outcome, hint });
    }
    const read = this.requests[node]!.get(id);
    this.requests[node]!.delete(id);
    if (read === undefined || !read.readOnly || outcome !== 'ok') return;
    this.readsServed.push({ ...this.moment(this.endUs), node, id, op: read.command.op, value });
  }

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.claims.push({ ...this.moment(this.endUs), node, role, term });
  }

  halted(node: NodeId): void {
    this.lifecycles.push({ ...this.moment(this.endUs), node, what: 'halted' });
  }

  noted(): void {}

  stepEnded(): void {
    this.isStarting = false;
  }

  struck(): void {}

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    this.isStarting = false;
    this.lifecycles.push({ ...this.moment(atUs), node, what: 'crashed' });
    this.images[node]!.crash(survivors);
    this.noteDisk(atUs, node);
  }

  wiped(atUs: number, node: NodeId): void {
    this.lifecycles.push({ ...this.moment(atUs), node, what: 'wiped' });
  }

  paused(atUs: number, node: NodeId): void {
    this.lifecycles.push({ ...this.moment(atUs), node, what: 'paused' });
  }

  resumed(atUs: number, node: NodeId): void {
    this.lifecycles.push({ ...this.moment(atUs), node, what: 'resumed' });
  }

  blocked(atUs: number, links: readonly number[]): void {
    this.blocks.push({ ...this.moment(atUs), links: [...links] });
  }

  prepared(node: NodeId, currentTerm: Term, votedFor: NodeId, log: readonly Entry[]): void {
    this.images[node]!.prepare({ currentTerm, votedFor, log });
    this.noteDisk(0, node);
  }

  phaseBegan(atUs: number, phase: Phase): void {
    this.phases.push({ ...this.moment(atUs), phase });
  }

  inspected(atUs: number): void {
    this.moment(atUs);
  }

  stateInspected(): void {}

  invoked(atUs: number, clientId: number, seq: number, op: string): void {
    this.invocations.push({ ...this.moment(atUs), clientId, seq, op });
  }

  returned(
    atUs: number,
    clientId: number,
    seq: number,
    outcome: 'ok' | 'fail' | 'info',
    value: string | null,
  ): void {
    const isMeant = (item: Invoked) => item.clientId === clientId && item.seq === seq;
    const { op } = this.invocations.findLast(isMeant)!;
    this.returns.push({ ...this.moment(atUs), clientId, seq, op, outcome, value });
  }

  private noteDisk(atUs: number, node: NodeId): void {
    const { issued, durable } = this.images[node]!;
    this.disks.push({ ...this.moment(atUs), node, issued, durable });
    const { index, configuration } = configurationIn(issued, this.bootstrapOf(node));
    const words = showConfiguration(configuration);
    if (words === this.inForce[node]) return;
    this.inForce[node] = words;
    this.configurations.push({ ...this.moment(atUs), node, index, configuration });
  }

  /** The next place among all facts. */
  private moment(atUs: number): Moment {
    this.endUs = atUs;
    this.order += 1;
    return { atUs, order: this.order };
  }
}
