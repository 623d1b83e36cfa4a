/**
 * Figure 7 of the paper: when the leader at the top comes to power, any of (a) to (f) may be the
 * log of a follower. A box is one entry, the number in it its term; the leader's term will be 8.
 *
 *               1   2   3   4   5   6   7   8   9  10  11  12
 *   leader      1   1   1   4   4   5   5   6   6   6                    S1
 *
 *   (a)         1   1   1   4   4   5   5   6   6                        S2   lacks an entry
 *   (b)         1   1   1   4                                            S3   lacks six
 *   (c)         1   1   1   4   4   5   5   6   6   6   6                S4   has one too many
 *   (d)         1   1   1   4   4   5   5   6   6   6   7   7            S5   has two too many
 *   (e)         1   1   1   4   4   4   4                                S6   both
 *   (f)         1   1   1   2   2   2   3   3   3   3   3                S7   both
 *
 * (f) led term 2, added entries to its log and died before it had committed any; came back, led
 * term 3, and did the same again.
 *
 * S1 stands. (c) and (d) refuse, since their logs are ahead of its own; (a), (b), (e) and (f) vote
 * for it: five of seven. Its no-op becomes entry 11, of term 8. To each follower it finds the last
 * place where both logs agree, removes what the follower has behind that, and sends what it has
 * itself: 9, 4, 10, 10, 5 and 3. In the end all seven logs are the same.
 */
import type { NodeId, Term } from '../../core/messages.ts';
import {
  appliedThrough,
  appliesAgree,
  logsAgree,
  oneLeaderPerTerm,
  showTerms,
} from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const LEADER_LOG = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6] as const;

/** The followers' logs, and the last index at which they agree with the leader's. */
const FOLLOWERS: readonly { node: NodeId; log: readonly Term[]; agreed: number }[] = [
  { node: 2, log: [1, 1, 1, 4, 4, 5, 5, 6, 6], agreed: 9 },
  { node: 3, log: [1, 1, 1, 4], agreed: 4 },
  { node: 4, log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], agreed: 10 },
  { node: 5, log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], agreed: 10 },
  { node: 6, log: [1, 1, 1, 4, 4, 4, 4], agreed: 5 },
  { node: 7, log: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], agreed: 3 },
];

const REFUSING: readonly NodeId[] = [4, 5];

const story = script({ size: 7, quietTimers: true, settle: true });
story.image(1, { term: 7, log: LEADER_LOG });
for (const { node, log } of FOLLOWERS) story.image(node, { term: 7, log });
const plan = story.at(100).elapse(1).until(1500).plan();

export const figure7: Scenario = {
  id: 'figure-7',
  title: 'Figure 7: six followers with six different logs',
  milestone: 'figure',
  section: '§5.3, Figure 7',
  claim: 'A new leader brings every log to its own, and removes only what is behind the agreement.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  if (record.leaderOf(8)?.node !== 1) return 'S1 does not lead term 8.';
  for (const { node } of FOLLOWERS) {
    const votes = record.messagesSent('RequestVoteResponse', { from: node, to: 1, term: 8 });
    const isGranted = votes.some(({ body }) => body.voteGranted);
    if (isGranted && REFUSING.includes(node)) return `S${node} votes for a log behind its own.`;
    if (!isGranted && !REFUSING.includes(node)) return `S${node} does not vote for S1.`;
  }
  for (const { node, agreed } of FOLLOWERS) {
    const lengths = record.disks
      .filter((change) => change.node === node)
      .map(({ issued }) => issued.log.length);
    const shortest = Math.min(...lengths);
    if (shortest < agreed) return `S${node} removes index ${shortest + 1}, which the logs share.`;
  }
  const wanted = showTerms([...LEADER_LOG, 8].map((term) => ({ term, command: null })));
  for (const node of record.nodes) {
    const terms = showTerms(record.durableOf(node).log);
    if (terms !== wanted) return `S${node} ends with ${terms} instead of ${wanted}.`;
  }
  return (
    oneLeaderPerTerm(record) ??
    appliesAgree(record) ??
    logsAgree(record, record.nodes) ??
    appliedThrough(record, record.nodes, LEADER_LOG.length + 1)
  );
}
