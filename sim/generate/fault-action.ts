import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan, FaultAction } from '../kernel/plan.ts';
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
  cutUs: 'One to sixteen election timeouts: a cut lasts long enough to matter.',
  elapse: 'The election timer of a server runs out at once: a second candidate.',
} as const;

export type FaultKind = 'crash' | 'isolate' | 'pause' | 'block' | 'elapse';

/** What the faults of one seed have in common. `lastingLeft` counts down. */
export interface ActionStyle {
  readonly restart: 'quick' | 'slow' | 'mixed';
  readonly keep: 'none' | 'drawn' | 'all' | 'mixed';
  lastingLeft: number;
}

const restartStyle = weighted<ActionStyle['restart']>([35, 'quick'], [25, 'slow'], [40, 'mixed']);
const keepStyle = weighted<ActionStyle['keep']>(
  [20, 'none'],
  [35, 'drawn'],
  [10, 'all'],
  [35, 'mixed'],
);
const allowsLasting = percent(40);

/** Servers that may be lost until the heal: a minority, and in most seeds none. */
export function drawStyle(draw: Draw, { size }: ClusterPlan): ActionStyle {
  const minority = Math.floor((size - 1) / 2);
  return {
    restart: draw(restartStyle),
    keep: draw(keepStyle),
    lastingLeft: draw(allowsLasting) ? minority : 0,
  };
}

export interface ActionChoices {
  readonly cluster: ClusterPlan;
  readonly kinds: readonly FaultKind[];
  readonly style: ActionStyle;
  readonly onFact: boolean;
}

const hitsNodeOfFact = percent(86);
const isQuick = percent(50);
/** Percent of a heartbeat. */
const quickRestart = between(0, 200);
/** Percent of the longest election timeout. */
const slowRestart = logBetween(100, 1_200);
const keep = weighted<'none' | 'drawn' | 'all'>([35, 'none'], [45, 'drawn'], [20, 'all']);
const lasts = percent(15);
/** Percent of a heartbeat. */
const pauseLength = logBetween(50, 6_400);
/** Percent of the shortest election timeout. */
const cutLength = logBetween(100, 1_600);
const direction = weighted<'both' | 'in' | 'out'>([50, 'both'], [25, 'in'], [25, 'out']);

/** One fault of an enabled kind. Counts `style.lastingLeft` down. */
export function drawAction(
  draw: Draw,
  { cluster, kinds, style, onFact }: ActionChoices,
): FaultAction {
  const anyNode = drawOne(draw, nodesOf(cluster.size));
  const node = draw(hitsNodeOfFact) && onFact ? 0 : anyNode;
  const { heartbeatMs, electionMsMin } = cluster.config;
  const kind = drawOne(draw, kinds);
  switch (kind) {
    case 'crash':
      return drawCrash(draw, node, cluster, style);
    case 'pause':
      return { do: 'pause', node, forUs: heartbeatMs * 10 * draw(pauseLength) };
    case 'isolate': {
      const forUs = lastingOr(draw, style, electionMsMin * 10 * draw(cutLength));
      return { do: 'isolate', node, direction: draw(direction), peers: 0, forUs };
    }
    case 'block': {
      const forUs = lastingOr(draw, style, electionMsMin * 10 * draw(cutLength));
      return { do: 'block', links: drawPartition(draw, cluster.size), forUs };
    }
    case 'elapse':
      return { do: 'elapse', node: anyNode, timer: 'election' };
  }
}

function drawCrash(
  draw: Draw,
  node: NodeId,
  { config }: ClusterPlan,
  style: ActionStyle,
): FaultAction {
  const quick = draw(isQuick);
  const quickUs = config.heartbeatMs * 10 * draw(quickRestart);
  const slowUs = config.electionMsMax * 10 * draw(slowRestart);
  const isQuickNow = style.restart === 'mixed' ? quick : style.restart === 'quick';
  const kept = draw(keep);
  return {
    do: 'crash',
    node,
    restartUs: lastingOr(draw, style, isQuickNow ? quickUs : slowUs),
    keep: style.keep === 'mixed' ? kept : style.keep,
  };
}

/** True when the action holds until the heal. */
export function isLasting(what: FaultAction): boolean {
  return (
    ('restartUs' in what && what.restartUs === null) || ('forUs' in what && what.forUs === null)
  );
}

/** null, which means until the heal, for as many faults as the style still allows. */
function lastingOr(draw: Draw, style: ActionStyle, us: number): number | null {
  if (!draw(lasts) || style.lastingLeft === 0) return us;
  style.lastingLeft -= 1;
  return null;
}
