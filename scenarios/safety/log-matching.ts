/**
 * Two followers whose logs have gone different ways, and a leader that brings them together. Terms
 * of the entries, n where it is the no-op of a reign:
 *
 *              1   2   3   4
 *   S1         1n  1a  1b       leads term 1; with S2 cut off from the rest after index 1,
 *   S2         1n  1a  1b       it gets two commands to S2, which no majority has
 *   S3         1n  2n  2c  2d   leads term 2 on the other side; then c reaches S4 only,
 *   S4         1n  2n  2c       d nobody, and S3 dies
 *   S5         1n  2n
 *
 * Now the network is whole, S3 comes back, and S4 stands for term 3 and wins. (S3 would refuse it,
 * d is ahead of c; three others do not.) S2 has entries to remove, S5 entries to get, S3 both.
 *
 * Two logs that have an entry with the same index and term agree on everything before it, too. That
 * is not only so at the end: each AppendEntries names the entry before its own, and a follower that
 * does not have that one takes nothing. So it holds at every moment.
 */
import { appliesAgree, logsAgree, showTerms } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const HEAL_MS = 700;
/** The terms of the entries of S1 to S5 at that time. */
const DIVERGED = ['1 1 1', '1 1 1', '1 2 2 2', '1 2 2', '1 2'] as const;

// biome-ignore format: one moment of the story per line
const plan = script({ size: 5, quietTimers: true, settle: true })
  .at(100).elapse(1)
  .at(300).partition([1, 2], [3, 4, 5])
  .at(310).request(1, 'put x a')
  .at(320).request(1, 'put x b')
  .at(400).elapse(3)
  .at(500).cut(3, 5)
  .at(510).request(3, 'put x c')
  .at(540).cut(3, 4)
  .at(550).request(3, 'put x d')
  .at(600).crash(3)
  .at(HEAL_MS).heal()
  .at(710).restart(3)
  .at(800).elapse(4)
  .until(1500)
  .plan();

export const logMatching: Scenario = {
  id: 'log-matching',
  title: 'Log matching after divergence',
  milestone: 3,
  section: '§5.3',
  claim:
    'Two logs with the same index and term at one place are the same up to there, at any time.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  return (
    divergence(record) ??
    firstMismatch(record) ??
    appliesAgree(record) ??
    logsAgree(record, record.nodes)
  );
}

/** Null when the logs, just before the heal, have gone the ways of the picture. */
function divergence(record: RunRecord): string | null {
  const heal = record.blocks.findLast(
    ({ atUs, links }) => atUs <= HEAL_MS * 1000 && links.length === 0,
  );
  for (const node of record.nodes) {
    const terms = showTerms(record.durableOf(node, heal?.order).log);
    const wanted = DIVERGED[node - 1]!;
    if (terms !== wanted) return `S${node} has ${terms} instead of ${wanted} before the heal.`;
  }
  return null;
}

/** Every log that any server ever had is held against all that was seen before at (index, term). */
function firstMismatch(record: RunRecord): string | null {
  const histories = new Map<string, string>();
  for (const { node, issued } of record.disks) {
    let history = '';
    for (const [i, { term, command }] of issued.log.entries()) {
      history += ` ${term}:${command === null ? '-' : `${command.clientId}.${command.seq}`}`;
      const place = `index ${i + 1} and term ${term}`;
      const known = histories.get(place) ?? history;
      if (known !== history) {
        return `S${node} has${history} up to ${place}, another log${known}.`;
      }
      histories.set(place, history);
    }
  }
  return null;
}
