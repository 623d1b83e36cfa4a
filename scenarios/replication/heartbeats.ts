/**
 * A leader is elected, and then nothing happens: no client has a command for three seconds, ten
 * times the longest election timeout. Every 50 ms S1 sends an AppendEntries without entries. Each
 * of them sets the followers' election timers back, so nobody stands.
 */
import { lastLeader, oneLeaderPerTerm } from '../agreement.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

const HEARTBEAT_MS = 50;
const END_MS = 3500;
/** Elected, and the no-op of the reign committed. */
const CALM_US = 500_000;

export const heartbeats: Scenario = {
  id: 'heartbeats',
  title: 'Heartbeat maintenance',
  milestone: 2,
  section: '§5.2',
  claim: 'Empty AppendEntries keep followers from standing, for as long as the leader lives.',
  plan: script({ size: 3, heartbeatMs: HEARTBEAT_MS })
    .timer(1, 'election', 1, 160)
    .until(END_MS)
    .plan(),
  criterion,
};

function criterion(record: RunRecord): string | null {
  const leader = lastLeader(record);
  if (leader === null) return 'Nobody leads.';
  const stands = record.messagesSent('RequestVote', { afterUs: CALM_US })[0];
  if (stands !== undefined) return `S${stands.from} stands, though S${leader.node} is alive.`;
  for (const node of record.nodes) {
    if (node === leader.node) continue;
    const beats = record.messagesSent('AppendEntries', { to: node, afterUs: CALM_US });
    if (beats.some(({ body }) => body.entries.length > 0)) return 'A heartbeat carries entries.';
    const times = [CALM_US, ...beats.map(({ atUs }) => atUs), END_MS * 1000];
    const gapUs = Math.max(...times.slice(1).map((atUs, i) => atUs - times[i]!));
    // One heartbeat, and a millisecond of rounding.
    if (gapUs > (HEARTBEAT_MS + 1) * 1000) {
      return `S${node} hears nothing for ${gapUs / 1000} ms.`;
    }
  }
  return oneLeaderPerTerm(record);
}
