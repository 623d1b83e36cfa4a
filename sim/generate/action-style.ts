/** What the faults of one seed have in common. */
import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan, FaultAction } from '../kernel/plan.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw, drawOne, logBetween, percent, weighted } from './draw.ts';

export interface ActionStyle {
  readonly restart: 'quick' | 'slow' | 'mixed';
  readonly keep: 'none' | 'drawn' | 'all' | 'mixed';
  /** The server whose election timer is made to run out: it leads again and again. 0: any. */
  readonly favourite: NodeId;
  /** Faults that may still last until the heal; counts down. */
  lastingLeft: number;
}

const restartStyle = weighted<ActionStyle['restart']>([35, 'quick'], [25, 'slow'], [40, 'mixed']);
const keepStyle = weighted<ActionStyle['keep']>(
  [20, 'none'],
  [35, 'drawn'],
  [10, 'all'],
  [35, 'mixed'],
);
const hasFavourite = percent(60);
const allowsLasting = percent(40);
const isQuick = percent(50);
/** Percent of a heartbeat. */
const quickRestart = between(0, 200);
/** Percent of the longest election timeout. */
const slowRestart = logBetween(100, 1_200);
const lasts = percent(15);

/** Servers that may be lost until the heal: a minority, and in most seeds none. */
export function drawStyle(draw: Draw, { size }: ClusterPlan): ActionStyle {
  const minority = Math.floor((size - 1) / 2);
  const restart = draw(restartStyle);
  const keep = draw(keepStyle);
  const node = drawOne(draw, nodesOf(size));
  const favourite = draw(hasFavourite) ? node : 0;
  return { restart, keep, favourite, lastingLeft: draw(allowsLasting) ? minority : 0 };
}

/** When a crashed server is started again; null: not before the heal. */
export function restartUs(draw: Draw, style: ActionStyle, { config }: ClusterPlan): number | null {
  const quick = draw(isQuick);
  const quickUs = config.heartbeatMs * 10 * draw(quickRestart);
  const slowUs = config.electionMsMax * 10 * draw(slowRestart);
  const isQuickNow = style.restart === 'mixed' ? quick : style.restart === 'quick';
  return lastingOr(draw, style, isQuickNow ? quickUs : slowUs);
}

/** null, which means until the heal, for as many faults as the style still allows. */
export function lastingOr(draw: Draw, style: ActionStyle, us: number): number | null {
  if (!draw(lasts) || style.lastingLeft === 0) return us;
  style.lastingLeft -= 1;
  return null;
}

/** True when the action holds until the heal. */
export function isLasting(what: FaultAction): boolean {
  return (
    ('restartUs' in what && what.restartUs === null) || ('forUs' in what && what.forUs === null)
  );
}
