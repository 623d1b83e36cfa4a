/**
 * Reads do not go through the log here. S1 leads and is paused; S2 is elected, and tells a client
 * that x is 2. When S1 wakes, it does not know of that, and the first thing it finds is a client
 * that asks for x. What it holds is 1.
 *
 *   S1   x = 1   paused . . . . . . . wakes: get x?     asks: do I still lead?
 *   S2   x = 1       elected   x = 2                    no: term 2
 *
 * A leader answers a read only after a majority has confirmed, since the read came, that it still
 * leads (§8). S1 hears of term 2 instead, and does not answer; S2 does, with what was written last.
 */
import { appliesAgree, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const WAKE_MS = 500;
const NEWER = 'put x 2';

// biome-ignore format: one moment of the story per line
const plan = script({ size: 3, quietTimers: true, quietHeartbeats: true, reads: 'readIndex' })
  .at(100).elapse(1)
  .at(150).request(1, 'put x 1')
  .at(200).pause(1, WAKE_MS - 200)
  // What comes in while S1 is paused waits: nothing of term 2 does.
  .drop({ from: [2, 3], to: 1, term: 2, kind: 'RequestVote' })
  .drop({ from: [2, 3], to: 1, term: 2, kind: 'AppendEntries' })
  .at(250).elapse(2)
  .at(300).request(2, NEWER)
  .at(WAKE_MS + 10).request(1, 'get x')
  .at(WAKE_MS + 100).request(2, 'get x')
  .until(1000)
  .plan();

export const staleLeaderRead: Scenario = {
  id: 'stale-leader-read',
  title: 'A leader that was replaced is asked for a value',
  milestone: 'extension',
  section: '§8',
  claim: 'A leader answers a read only when a majority confirms, after it came, that it leads.',
  plan,
  criterion,
};

function criterion(record: RunRecord): string | null {
  const woken = record.lifecycles.find(({ what, node }) => what === 'resumed' && node === 1);
  if (woken === undefined) return 'S1 is never paused.';
  const told = record.returns.find(({ op, outcome }) => op === NEWER && outcome === 'ok');
  if (told === undefined || told.order > woken.order) return 'x is not written while S1 sleeps.';
  if (record.durableOf(1, woken.order).currentTerm !== 1) return 'S1 knows of the newer term.';
  const asked = record.messagesSent('AppendEntries', { from: 1, term: 1, afterUs: WAKE_MS * 1000 });
  const served = record.readsServed;
  const stale = served.find(({ node }) => node === 1);
  if (stale !== undefined) return `S1 answers the read with ${stale.value}.`;
  if (asked.length === 0) return 'S1 does not ask whether it still leads.';
  if (record.durableOf(1).currentTerm < 2) return 'S1 does not learn that it does not lead.';
  const fresh = served.find(({ node }) => node === 2);
  if (fresh === undefined) return 'S2 does not answer the read.';
  if (fresh.value !== '2') return `S2 answers the read with ${fresh.value}.`;
  return oneLeaderPerTerm(record) ?? appliesAgree(record);
}
