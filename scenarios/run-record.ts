/**
 * Everything that happened in one run, in plain arrays, for a scenario's criterion to ask about.
 * It rests on what the world saw (wire, disk, applies, clients, faults); notes are not kept.
 */
import type { AdminRequest } from '../core/contract.ts';
import type { Configuration, LogIndex, Message, NodeId, Term } from '../core/messages.ts';
import { configurationIn } from './configurations.ts';
import { type DiskState, EMPTY_DISK } from './disk-image.ts';
import type {
  AdminAnswered,
  Applied,
  Delivered,
  DiskChange,
  Leadership,
  MessageFilter,
  Restored,
  Returned,
  Sent,
} from './record-items.ts';
import { RecordedFacts } from './recorded-facts.ts';

type Kind = Message['kind'];
type BodyOf<K extends Kind> = Extract<Message, { readonly kind: K }>;

export class RunRecord extends RecordedFacts {
  /** Servers 1 … size run, and 1 … members are the first configuration. */
  constructor(size: number, members: number = size) {
    super(size, members);
  }

  /** Every leader there was, in order of time; a server that leads two terms is there twice. */
  leaders(): Leadership[] {
    const signs: Leadership[] = [
      ...this.claims.filter(({ role }) => role === 'leader'),
      ...this.sends
        .filter(({ body }) => isOfLeader(body))
        .map(({ atUs, order, from, body }) => ({ atUs, order, term: body.term, node: from })),
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

  /** In force with the log that a server had issued, just before `order`. */
  configurationOf(node: NodeId, order?: number): Configuration {
    return configurationIn(this.issuedOf(node, order), this.bootstrapOf(node)).configuration;
  }

  /** In force with what a crash of the server would leave, just before `order`. */
  durableConfigurationOf(node: NodeId, order?: number): Configuration {
    return configurationIn(this.durableOf(node, order), this.bootstrapOf(node)).configuration;
  }

  /** Snapshots of other servers that have taken the place of what a server had applied. */
  installs(node?: NodeId): Restored[] {
    return this.restores.filter((item) => !item.isStart && (node ?? item.node) === item.node);
  }

  /** What operators were told in answer to requests of this kind. */
  answersTo(kind: AdminRequest['kind']): AdminAnswered[] {
    return this.adminAnswers.filter(({ request }) => request.kind === kind);
  }

  /** What a server has applied in its last life. */
  appliedBy(node: NodeId): Applied[] {
    const boot = this.boots[node];
    return this.applies.filter((item) => item.node === node && item.boot === boot);
  }

  /** How far a server has applied the log in its last life, snapshots included. */
  appliedIndexOf(node: NodeId): LogIndex {
    const boot = this.boots[node];
    const isOfLife = (item: Applied | Restored) => item.node === node && item.boot === boot;
    const last = this.applies.findLast(isOfLife)?.index ?? 0;
    return Math.max(last, this.restores.findLast(isOfLife)?.index ?? 0);
  }

  /** What became of an operation that was invoked once; null while nobody has answered. */
  outcomeOf(op: string): Returned['outcome'] | null {
    return this.returns.find((item) => item.op === op)?.outcome ?? null;
  }

  private diskOf(node: NodeId, order: number): DiskChange | undefined {
    return this.disks.findLast((change) => change.node === node && change.order < order);
  }
}

function isOfLeader({ kind }: Message): boolean {
  return kind === 'AppendEntries' || kind === 'InstallSnapshot' || kind === 'TimeoutNow';
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
