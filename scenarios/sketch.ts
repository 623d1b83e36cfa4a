/** Short forms in which scripts speak of messages, disks, facts and links, and what they stand for. */
import type { Message, NodeId, Term } from '../core/messages.ts';
import type { InitialImage, PinnedDecision } from '../sim/kernel/plan.ts';
import { nodesOf } from './script-options.ts';

/** One server, several, or all. */
export type Group = NodeId | readonly NodeId[] | 'all';

/** Which messages: every one that fits, or the nth on each of the links (from 1). */
export interface MessageMatch {
  readonly from: Group;
  readonly to: Group;
  /** Default: all kinds, each counted apart. */
  readonly kind?: Message['kind'];
  /** Default: all terms. */
  readonly term?: Term;
  readonly nth?: number;
}

/**
 * A disk before the first boot. An entry is its term (then index and term give the command, so
 * that equal places hold equal entries), or [term, op], where an op of null is a no-op.
 */
export interface ImageSketch {
  /** Default: the term of the last entry. */
  readonly term?: Term;
  readonly votedFor?: NodeId;
  readonly log?: readonly (Term | readonly [term: Term, op: string | null])[];
}

/** Which of the facts of one kind: the nth (default 1st) at `node` (default: anywhere). */
export interface TriggerSketch {
  readonly node?: NodeId;
  readonly nth?: number;
  /** Refines some kinds, see FaultTrigger. Default 0; for `senders` 1. */
  readonly count?: number;
}

/** Default: nothing that was not safe yet survives, and the server stays down. */
export interface CrashSketch {
  readonly keep?: 'none' | 'drawn' | 'all';
  readonly restartMs?: number;
}

/** Default: until heal(). A time that is said here runs out even if heal() comes first. */
export interface BlockSketch {
  readonly forMs?: number;
}

/** Default: both directions, from all others. */
export interface IsolateSketch extends BlockSketch {
  readonly direction?: 'both' | 'in' | 'out';
  /** From so many others, counted upwards and around. */
  readonly peers?: number;
}

export type Fate = Pick<PinnedDecision, 'drop' | 'delayUs' | 'duplicateUs'>;

const KINDS: readonly Message['kind'][] = [
  'RequestVote',
  'RequestVoteResponse',
  'AppendEntries',
  'AppendEntriesResponse',
  'InstallSnapshot',
  'InstallSnapshotResponse',
  'TimeoutNow',
];

/** One decision for every link and kind that the match speaks of. */
export function decisionsOf(match: MessageMatch, fate: Fate, servers: number): PinnedDecision[] {
  const { from, to, kind, term = null, nth = 0 } = match;
  const kinds = kind === undefined ? KINDS : [kind];
  return linksOf(from, to, servers).flatMap((link) =>
    kinds.map((each) => ({
      match: { from: link[0], to: link[1], kind: each, term, nth },
      ...fate,
    })),
  );
}

export function imageOf(node: NodeId, sketch: ImageSketch): InitialImage {
  const log = (sketch.log ?? []).map((entry, i) =>
    typeof entry === 'number'
      ? { term: entry, op: `put x${i + 1} ${entry}` }
      : { term: entry[0], op: entry[1] },
  );
  const currentTerm = sketch.term ?? log.at(-1)?.term ?? 0;
  return { node, currentTerm, votedFor: sketch.votedFor ?? 0, log };
}

/** Every link from one of these to one of those. */
export function linksOf(from: Group, to: Group, servers: number): [NodeId, NodeId][] {
  const those = listOf(to, servers);
  return listOf(from, servers).flatMap((a) =>
    those.filter((b) => b !== a).map((b): [NodeId, NodeId] => [a, b]),
  );
}

function listOf(group: Group, servers: number): readonly NodeId[] {
  if (group === 'all') return nodesOf(servers);
  return typeof group === 'number' ? [group] : group;
}
