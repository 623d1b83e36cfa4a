/**
 * Everything that happened in one run, in plain arrays, for a scenario's criterion to ask about.
 * It rests on what the world saw (wire, disk, applies, clients, faults); notes are not kept.
 */
import type { Write } from '../core/contract.ts';
import type { Entry, LogIndex, Message, NodeId, Term } from '../core/messages.ts';
import type { Facts, Phase, SurvivingWrite } from '../invariants/facts.ts';
import { DiskImage, type DiskState, EMPTY_DISK } from './disk-image.ts';
import type {
  Applied,
  Blocked,
  Claimed,
  Delivered,
  DiskChange,
  Invoked,
  Issued,
  Leadership,
  Lifecycle,
  MessageFilter,
  Moment,
  Returned,
  Sent,
} from './record-items.ts';

type Kind = Message['kind'];
type BodyOf<K extends Kind> = Extract<Message, { readonly kind: K }>;

export class RunRecord implements Facts {
  readonly size: number;
  readonly sends: Sent[] = [];
  readonly deliveries: Delivered[] = [];
  readonly writes: Issued[] = [];
  readonly disks: DiskChange[] = [];
  readonly applies: Applied[] = [];
  readonly claims: Claimed[] = [];
  readonly lifecycles: Lifecycle[] = [];
  readonly blocks: Blocked[] = [];
  readonly invocations: Invoked[] = [];
  readonly returns: Returned[] = [];
  readonly phases: { readonly atUs: number; readonly phase: Phase }[] = [];
  /** Time of the last fact. */
  endUs = 0;
  private order = 0;
  private readonly images: DiskImage[] = [];
  private readonly boots: number[] = [];

  constructor(size: number) {
    this.size = size;
    for (let node = 0; node <= size; node += 1) {
      this.images.push(new DiskImage());
      this.boots.push(-1);
    }
  }

  // Questions.

  /** Servers 1 … size. */
  get nodes(): NodeId[] {
    return Array.from({ length: this.size }, (_, i) => i + 1);
  }

  /** Every leader there was, in order of time; a server that leads two terms is there twice. */
  leaders(): Leadership[] {
    const signs: Leadership[] = [
      ...this.claims.filter(({ role }) => role === 'leader'),
      ...this.messagesSent('AppendEntries').map(({ atUs, order, from, body }) => {
        return { atUs, order, term: body.term, node: from };
      }),
    ].sort((a, b) => a.order - b.order);
    const known = new Set<string>();
    return signs.flatMap(({ atUs, order, term, node }) => {
      const key = `${term} ${node}`;
      if (known.has(key)) return [];
      known.add(key);
      return [{ atUs, order, term, node }];
    });
  }

  /** The first leader of this term. */
  leaderOf(term: Term): Leadership | null {
    return this.leaders().find((leader) => leader.term === term) ?? null;
  }

  messagesSent<K extends Kind>(kind: K, filter: MessageFilter = {}): Sent<BodyOf<K>>[] {
    return this.sends.filter((item): item is Sent<BodyOf<K>> => fits(item, kind, filter));
  }

  messagesDelivered<K extends Kind>(kind: K, filter: MessageFilter = {}): Delivered<BodyOf<K>>[] {
    return this.deliveries.filter((item): item is Delivered<BodyOf<K>> => fits(item, kind, filter));
  }

  /** What the disk of a server held just before `order`; at the end of the run when left out. */
  durableOf(node: NodeId, order = Number.POSITIVE_INFINITY): DiskState {
    return this.diskOf(node, order)?.durable ?? EMPTY_DISK;
  }

  /** What a server had issued, safe or not, just before `order`. */
  issuedOf(node: NodeId, order = Number.POSITIVE_INFINITY): DiskState {
    return this.diskOf(node, order)?.issued ?? EMPTY_DISK;
  }

  /** What a server has applied in its last life. */
  appliedBy(node: NodeId): Applied[] {
    const boot = this.boots[node];
    return this.applies.filter((item) => item.node === node && item.boot === boot);
  }

  /** What became of an operation that was invoked once; null while nobody has answered. */
  outcomeOf(op: string): Returned['outcome'] | null {
    return this.returns.find((item) => item.op === op)?.outcome ?? null;
  }

  private diskOf(node: NodeId, order: number): DiskChange | undefined {
    return this.disks.findLast((change) => change.node === node && change.order < order);
  }

  // Facts, as they come in. Those of actions carry no time: it is that of their step.

  started(atUs: number, node: NodeId, boot: number): void {
    this.boots[node] = boot;
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

  requested(atUs: number): void {
    this.moment(atUs);
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

  snapshotTaken(atUs: number): void {
    this.endUs = atUs;
  }

  adminRequested(atUs: number): void {
    this.endUs = atUs;
  }

  snapshotAsked(): void {}

  restored(): void {}

  applied(node: NodeId, index: LogIndex, entry: Entry): void {
    const boot = this.boots[node]!;
    this.applies.push({ ...this.moment(this.endUs), node, boot, index, entry });
  }

  responded(): void {}

  claimed(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.claims.push({ ...this.moment(this.endUs), node, role, term });
  }

  halted(node: NodeId): void {
    this.lifecycles.push({ ...this.moment(this.endUs), node, what: 'halted' });
  }

  noted(): void {}

  stepEnded(): void {}

  struck(): void {}

  crashed(atUs: number, node: NodeId, survivors: readonly SurvivingWrite[]): void {
    this.lifecycles.push({ ...this.moment(atUs), node, what: 'crashed' });
    this.images[node]!.crash(survivors);
    this.noteDisk(atUs, node);
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
  }

  /** The next place among all facts. */
  private moment(atUs: number): Moment {
    this.endUs = atUs;
    this.order += 1;
    return { atUs, order: this.order };
  }
}

function fits(
  { atUs, from, to, body }: Sent | Delivered,
  kind: Kind,
  filter: MessageFilter,
): boolean {
  const { afterUs = 0, beforeUs = Number.POSITIVE_INFINITY } = filter;
  if (body.kind !== kind || atUs < afterUs || atUs >= beforeUs) return false;
  if (filter.from !== undefined && filter.from !== from) return false;
  if (filter.to !== undefined && filter.to !== to) return false;
  return filter.term === undefined || filter.term === body.term;
}
