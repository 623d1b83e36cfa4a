import type { AppendEntries, NodeId } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import { isMemberOf } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const followerBroughtUpToDate: Rule = {
  id: 'follower-brought-up-to-date',
  section: '§5.3, Figure 2 (leaders)',
  sentence: 'A leader sends a follower what it lacks, again and again, until the follower has it.',
  reason: 'Messages get lost: what is sent once only may never arrive.',
};

/** So many AppendEntries without the next entry, each after an answer to the one before. */
const REPEATS = 8;

/** AppendEntries is sent by the leader of its term. */
export function checkSendsNext(
  scene: Scene,
  server: ObservedServer,
  to: NodeId,
  body: AppendEntries,
): void {
  const { duties, issued, durable } = server;
  const match = server.successTerm === server.reignTerm ? (server.successes[to] ?? -1) : -1;
  const last = body.prevLogIndex + body.entries.length;
  // What is not on its own disk yet a leader may keep back.
  const next = match + 1;
  const hasNext =
    match >= 0 && durable.at(next) !== undefined && durable.at(next) === issued.at(next);
  // Who is to go learns of it when that is committed.
  const isDue = hasNext && last <= match && isMemberOf(server.inForce, to);
  const hasProgressed = duties.matches[to] !== match;
  duties.matches[to] = match;
  if (!isDue || hasProgressed) {
    duties.rounds[to] = 0;
    return;
  }
  if (duties.answered[to] !== true) return;
  duties.answered[to] = false;
  const rounds = (duties.rounds[to] ?? 0) + 1;
  duties.rounds[to] = rounds;
  if (rounds !== REPEATS) return;
  scene.report(
    followerBroughtUpToDate,
    server,
    `sent S${to} AppendEntries for the ${REPEATS}th time without index ${next}, which it lacks: ` +
      `it answers, and still has the log only through index ${match} of ${issued.last}`,
  );
}
