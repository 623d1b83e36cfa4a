/**
 * Pinned decisions name a message by link, kind, term and number. When something is taken out of a
 * run, the terms and numbers of what is left change; its times mostly do not. So a decision is
 * made again for the message that is sent at the same time.
 */
import type { PinnedDecision, Plan } from '../kernel/plan.ts';
import type { ObservedRun, ObservedSend } from './observed-run.ts';

/** What a decision was about in a run; null: no message, or several. */
export type Aims = ReadonlyMap<PinnedDecision, ObservedSend | null>;

/** The messages that the decisions of this plan were about in `observed`, its run. */
export function aims({ decisions }: Plan, observed: ObservedRun): Aims {
  return new Map(decisions.map((decision) => [decision, sendOf(decision.match, observed)]));
}

/** The plan with decisions about the messages that `observed`, its run, has at the times wanted. */
export function repaired(
  plan: Plan,
  wanted: Aims,
  observed: ObservedRun,
): { readonly plan: Plan; readonly aims: Map<PinnedDecision, ObservedSend | null> } {
  const aimsOfRepaired = new Map<PinnedDecision, ObservedSend | null>();
  const decisions = plan.decisions.map((decision) => {
    const aim = wanted.get(decision) ?? null;
    const send = aim === null ? null : nearest(aim, observed);
    const { from, to, kind, term, nth } = send ?? decision.match;
    const next = { ...decision, match: { from, to, kind, term, nth } };
    aimsOfRepaired.set(next, aim);
    return next;
  });
  return { plan: { ...plan, decisions }, aims: aimsOfRepaired };
}

function sendOf(match: PinnedDecision['match'], { sends }: ObservedRun): ObservedSend | null {
  if (match.nth === 0) return null;
  let seen = 0;
  for (const send of sends) {
    if (send.from !== match.from || send.to !== match.to || send.kind !== match.kind) continue;
    if (match.term !== null && match.term !== send.term) continue;
    seen += 1;
    if (seen === match.nth) return send;
  }
  return null;
}

/** Of the same link and kind, the one that is sent closest to that time; null when there is none. */
function nearest(aim: ObservedSend, { sends }: ObservedRun): ObservedSend | null {
  let best: ObservedSend | null = null;
  for (const send of sends) {
    if (send.from !== aim.from || send.to !== aim.to || send.kind !== aim.kind) continue;
    const distanceUs = Math.abs(send.atUs - aim.atUs);
    if (best === null || distanceUs < Math.abs(best.atUs - aim.atUs)) best = send;
  }
  return best;
}
