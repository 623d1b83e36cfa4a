import type fc from 'fast-check';
import type { ClusterPlan, FaultAction } from '../kernel/plan.ts';
import { type ActionStyle, lastingOr, restartUs } from './action-style.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw, drawOne, logBetween, percent, weighted } from './draw.ts';
import { drawPartition } from './partition.ts';

/** What the generator does with each kind of fault. */
export const actionKnobs = {
  restartUs:
    'Per seed all quick (within two heartbeats), all slow (one to twelve timeouts), or mixed.',
  keep: 'Per seed none, drawn or all of the unfinished writes survive, or mixed.',
  lasting: 'A crash, cut or partition lasts until the heal for a minority at most.',
  node: 'A timed fault hits any server; one on a fact hits the server of the fact in 6 of 7 cases.',
  pauseUs: 'Half a heartbeat to eight of the longest election timeouts.',
  isolate: 'Both ways in half of the cases, else only in or only out.',
  peers: 'A cut from all others, or from some: then mostly few enough are left to commit nothing.',
  cutUs: 'One to sixteen election timeouts: a cut lasts long enough to matter.',
  elapse: 'The election timer of a server runs out at once: a second candidate.',
  exhume: '1 to 16 old messages, half of them of an earlier reign, within a heartbeat and a half.',
  clogUs: 'Half to eight election timeouts.',
  interfere: 'One kind of message is lost, doubled, or up to ten election timeouts late.',
  stallUs: 'A fifth to six of the longest election timeouts; in 2 of 5 cases one stream only.',
  slow: 'Writes take 2 to 50 times as long, for a fifth to twelve election timeouts.',
  failWrites: 'The next write in 3 of 4 cases, else all for up to two election timeouts.',
  outrun: 'A server dies of a write that its messages have overtaken.',
} as const;

export type FaultKind = Exclude<FaultAction['do'], 'restart' | 'unblock'>;

/** How faults are drawn, where profiles differ. */
export interface ActionTables {
  /** Percent of the shortest election timeout. */
  readonly cutLength: fc.Arbitrary<number>;
  /** Does a cut leave some links? */
  readonly isPartial: fc.Arbitrary<boolean>;
  /** Percent of the longest election timeout. */
  readonly stallLength: fc.Arbitrary<number>;
  /** Does a fault name what only a known implementation has: streams, message kinds, reigns? */
  readonly isNamed: boolean;
}

export const actionTables: ActionTables = {
  cutLength: logBetween(100, 1_600),
  isPartial: percent(25),
  stallLength: logBetween(20, 600),
  isNamed: true,
};

export interface ActionChoices {
  readonly cluster: ClusterPlan;
  readonly tables: ActionTables;
  readonly style: ActionStyle;
  readonly onFact: boolean;
}

const hitsNodeOfFact = percent(86);
const keep = weighted<'none' | 'drawn' | 'all'>([35, 'none'], [45, 'drawn'], [20, 'all']);
/** Percent of a heartbeat. */
const pauseLength = logBetween(50, 6_400);
const direction = weighted<'both' | 'in' | 'out'>([50, 'both'], [25, 'in'], [25, 'out']);
const leavesMinority = percent(70);
const exhumed = weighted<'earlierReign' | 'earlierTerm' | 'any'>(
  [50, 'earlierReign'],
  [30, 'earlierTerm'],
  [20, 'any'],
);
const exhumedCount = logBetween(1, 16);
/** Percent of a heartbeat. */
const exhumedWithin = between(0, 150);
/** Percent of the shortest election timeout. */
const clogLength = logBetween(50, 800);
const messageKind = weighted(
  [30, 'AppendEntries'],
  [35, 'AppendEntriesResponse'],
  [15, 'RequestVote'],
  [20, 'RequestVoteResponse'],
);
const snapshotMessageKind = weighted(
  [25, 'AppendEntries'],
  [25, 'AppendEntriesResponse'],
  [25, 'InstallSnapshot'],
  [25, 'InstallSnapshotResponse'],
);
const interference = weighted<'drop' | 'delay' | 'duplicate'>(
  [35, 'drop'],
  [45, 'delay'],
  [20, 'duplicate'],
);
/** Percent of the longest election timeout. */
const interferenceDelay = logBetween(30, 1_000);
const stream = weighted<string | null>([60, null], [25, 'log'], [15, 'hardState']);
const snapshotStream = weighted<string | null>([40, null], [30, 'log'], [30, 'snapshot']);
const slowFactor = logBetween(2, 50);
const failsOnce = percent(75);
/** Percent of the longest election timeout. */
const fullLength = logBetween(20, 200);

/** One fault of this kind. Counts `style.lastingLeft` down. */
export function drawAction(draw: Draw, kind: FaultKind, choices: ActionChoices): FaultAction {
  const { cluster, style, tables, onFact } = choices;
  const size = cluster.size + cluster.spares;
  const anyNode = drawOne(draw, nodesOf(size));
  const node = draw(hitsNodeOfFact) && onFact ? 0 : anyNode;
  const { config } = cluster;
  const { heartbeatMs, electionMsMin, electionMsMax } = config;
  switch (kind) {
    case 'wipe':
      return { do: 'wipe', node };
    case 'crash': {
      const kept = draw(keep);
      const restart = restartUs(draw, style, cluster);
      return {
        do: 'crash',
        node,
        restartUs: restart,
        keep: style.keep === 'mixed' ? kept : style.keep,
      };
    }
    case 'outrun':
      return { do: 'outrun', node, restartUs: restartUs(draw, style, cluster) };
    case 'pause':
      return { do: 'pause', node, forUs: heartbeatMs * 10 * draw(pauseLength) };
    case 'isolate': {
      const forUs = lastingOr(draw, style, electionMsMin * 10 * draw(tables.cutLength));
      const peers = drawPeers(draw, tables, size);
      return { do: 'isolate', node, direction: draw(direction), peers, forUs };
    }
    case 'block': {
      const forUs = lastingOr(draw, style, electionMsMin * 10 * draw(tables.cutLength));
      return { do: 'block', links: drawPartition(draw, size), forUs };
    }
    case 'elapse':
      return { do: 'elapse', node: style.favourite || anyNode, timer: 'election' };
    case 'exhume': {
      const of = draw(exhumed);
      const withinUs = heartbeatMs * 10 * draw(exhumedWithin);
      const count = draw(exhumedCount);
      return { do: 'exhume', node, of: tables.isNamed ? of : 'any', count, withinUs };
    }
    case 'clog': {
      const forUs = electionMsMin * 10 * draw(clogLength);
      return { do: 'clog', node, direction: draw(direction), forUs };
    }
    case 'interfere':
      return {
        do: 'interfere',
        node,
        direction: draw(direction),
        kind: draw(config.snapshotEntries > 0 ? snapshotMessageKind : messageKind),
        how: draw(interference),
        delayUs: electionMsMax * 10 * draw(interferenceDelay),
        forUs: electionMsMin * 10 * draw(tables.cutLength),
      };
    case 'stall': {
      const named = draw(config.snapshotEntries > 0 ? snapshotStream : stream);
      const forUs = electionMsMax * 10 * draw(tables.stallLength);
      return { do: 'stall', node, stream: tables.isNamed ? named : null, forUs };
    }
    case 'slow': {
      const forUs = electionMsMax * 20 * draw(tables.stallLength);
      return { do: 'slow', node, factor: draw(slowFactor), forUs };
    }
    case 'failWrites': {
      const named = draw(config.snapshotEntries > 0 ? snapshotStream : stream);
      const fullUs = electionMsMax * 10 * draw(fullLength);
      const forUs = draw(failsOnce) ? 0 : fullUs;
      return { do: 'failWrites', node, stream: tables.isNamed ? named : null, forUs };
    }
  }
}

/** From how many others a server is cut off: 0 for all. A leader with a friend left goes on. */
function drawPeers(draw: Draw, { isPartial }: ActionTables, size: number): number {
  const isSome = draw(isPartial);
  const isMinority = draw(leavesMinority);
  const minorityFriends = Math.max(1, Math.floor((size - 1) / 2) - 1);
  const friends = drawOne(draw, nodesOf(isMinority ? minorityFriends : Math.max(1, size - 2)));
  return isSome && size > 2 ? size - 1 - friends : 0;
}
