/**
 * Scenes: a few moments in which several things have to come together, which are drawn apart too
 * rarely. A scene takes the place of the faults and operators of a plan, and keeps all the rest.
 */

import type fc from 'fast-check';
import type { AdminRequest } from '../../core/contract.ts';
import type { Plan } from '../kernel/plan.ts';
import { type Draw, drawOne } from './draw.ts';
import { drawImpatience } from './impatience.ts';
import { drawLonelyLearners, drawPromotedUnawares, drawTwoParents } from './membership-scenes.ts';
import { drawOvertakenTarget } from './overtaken-target.ts';
import { drawStaleReads } from './stale-reads.ts';

/** What the generator does when it sets a scene. */
export const sceneKnobs = {
  scene: 'In every fourth seed whose features allow one; then one of these.',
  staleReads:
    'Where reads go without the log: a leader is cut off three times, and asked, while another is elected and gets writes. Clocks apart by 15 %, a pause, late answers, or a late TimeoutNow come with it.',
  overtakenTarget:
    'Where leadership is transferred: who is asked to stand is cut off, and hears of it when the leader has given that up and gone on.',
  lonelyLearners:
    'Where the membership changes: the voters are parted, with all learners on the side of few.',
  promotedUnawares:
    'Where the membership changes: a learner becomes a voter, does not hear of it, and is needed when others are gone for good.',
  twoParents:
    'Where the membership changes: a leader is cut off with its change, and the next is asked for another before it has committed anything.',
  impatience:
    'Where there is pre-vote: servers that wait a little less than a heartbeat for the leader, and nothing else goes wrong.',
} as const;

type Scene = (draw: Draw, plan: Plan) => Plan;

/** The plan, or what a scene makes of it. */
export function drawScene(draw: Draw, hasScene: fc.Arbitrary<boolean>, plan: Plan): Plan {
  const wants = draw(hasScene);
  const fitting = scenesFor(plan);
  if (!wants || fitting.length === 0) return plan;
  return drawOne(draw, fitting)(draw, plan);
}

function scenesFor({ cluster, operators, faults }: Plan): Scene[] {
  const { size, spares, config } = cluster;
  const scenes: Scene[] = [];
  if (size < 3 || faults.some(({ what }) => what.do === 'wipe')) return scenes;
  const asksFor = (kind: AdminRequest['kind']): boolean =>
    operators.some(({ requests }) => requests.some(({ request }) => request.kind === kind));
  if (config.reads !== 'log') scenes.push(drawStaleReads);
  if (asksFor('transferLeadership')) scenes.push(drawOvertakenTarget);
  if (config.preVote && config.reads !== 'lease') scenes.push(drawImpatience);
  if (!asksFor('changeMembership')) return scenes;
  if (size % 2 === 0) return [...scenes, drawTwoParents];
  if (spares >= 1) scenes.push(drawPromotedUnawares);
  if (spares >= 2) scenes.push(drawLonelyLearners);
  return scenes;
}
