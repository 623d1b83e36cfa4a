/** Where snapshots and logs meet (§7). */
import { entryAt } from '../disk-image.ts';
import {
  disagreement,
  momentOf,
  wrongAnswers,
  wrongEffects,
  wrongReigns,
} from '../expectations.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

/**
 *   S1   1n 1x          cut off with a command at index 2
 *   S2   [1n 2n]        the snapshot ends at index 2, with an entry of term 2
 *
 * The logs part exactly where the snapshot ends. S2 does not know any more what stood before index 2,
 * so it has nothing to ask S1 about; it sends the snapshot.
 */
const conflictAtBoundary: Scenario = {
  id: 'conflict-at-snapshot-boundary',
  title: 'The entry that conflicts is the last one of the snapshot',
  milestone: 'extension',
  section: '§7',
  claim: 'Where a leader cannot tell the entry before the next one, it sends its snapshot.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true })
    .at(100).elapse(1)
    .at(155).isolate(1)
    .at(160).request(1, 'put x edge')
    .at(200).elapse(2)
    .at(250).takeSnapshot(2)
    .at(300).heal()
    .at(500).request(2, 'put y edge')
    .until(700)
    .plan(),
  criterion(record) {
    const install = record.installs(1)[0];
    if (install === undefined) return 'S1 never installs a snapshot.';
    if (install.index !== 2) return `The snapshot ends at index ${install.index} instead of 2.`;
    const before = record.disks.some(({ node, order, durable }) => {
      return node === 1 && order < install.order && entryAt(durable, 2)?.term === 1;
    });
    if (!before) return 'S1 does not have an entry of term 1 at index 2.';
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongEffects(record, ['put x edge']) ??
      wrongAnswers(record, ['put y edge']) ??
      disagreement(record)
    );
  },
};

/**
 * S3 installs a snapshot of four entries, applies a fifth, and then the snapshot comes once more. It
 * is older than what S3 has: S3 says that it has it, and takes nothing back.
 */
const staleSnapshot: Scenario = {
  id: 'stale-snapshot',
  title: 'A snapshot arrives that is older than what is committed',
  milestone: 'extension',
  section: '§7, Figure 13',
  claim: 'A snapshot that covers less than what is committed is not installed.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, snapshotEntries: 4 })
    .duplicate({ from: 1, to: 3, kind: 'InstallSnapshot' }, 150)
    .at(100).elapse(1)
    .at(155).isolate(3)
    .at(160).request(1, 'put a stale', 'put b stale', 'put c stale')
    .at(200).heal()
    .at(310).request(1, 'put d fresh')
    .until(600)
    .plan(),
  criterion(record) {
    const arrivals = record.messagesDelivered('InstallSnapshot', { to: 3 });
    const fifth = record.appliedBy(3).find(({ entry }) => entry.command?.op === 'put d fresh');
    if (fifth === undefined) return 'S3 does not apply the command behind the snapshot.';
    if (!arrivals.some(({ order }) => order > fifth.order)) return 'No snapshot comes after that.';
    const installs = record.installs(3);
    if (installs.length !== 1) return `S3 installs ${installs.length} snapshots.`;
    return (
      wrongReigns(record, { 1: 1 }) ?? wrongAnswers(record, ['put d fresh']) ?? disagreement(record)
    );
  },
};

/**
 * S3 has all entries in its log and S1 does not know it, as nothing that S3 says gets through. S1 has
 * its snapshot only, and sends that. It reaches S3 while AppendEntries bring more: the one does not
 * undo what the others have done, and nothing is applied twice.
 */
const snapshotRace: Scenario = {
  id: 'snapshot-append-race',
  title: 'A snapshot and AppendEntries come to the same server',
  milestone: 'extension',
  section: '§7',
  claim: 'A snapshot and AppendEntries may overtake each other: no entry is lost or applied twice.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, snapshotEntries: 4 })
    .duplicate({ from: 1, to: 3, kind: 'AppendEntries' }, 70)
    .at(100).elapse(1)
    .at(155).cut(3, 1)
    .at(160).request(1, 'put a race', 'put b race', 'put c race')
    .at(400).heal()
    .at(410).request(1, 'put d race')
    .at(415).request(1, 'put e race')
    .until(800)
    .plan(),
  criterion(record) {
    const install = record.messagesDelivered('InstallSnapshot', { to: 3 })[0];
    if (install === undefined) return 'S3 gets no snapshot.';
    const { firstIndex, log } = record.durableOf(3, install.order);
    if (firstIndex + log.length - 1 < 4) return 'S3 does not have the entries of the snapshot.';
    const old = record
      .messagesDelivered('AppendEntries', { to: 3 })
      .some(({ order, body }) => order > install.order && body.prevLogIndex < 4);
    if (!old) return 'No AppendEntries from before the snapshot comes after it.';
    const indexes = record.appliedBy(3).map(({ index }) => index);
    if (indexes.some((index, at) => index <= (indexes[at - 1] ?? 0))) return 'S3 applies twice.';
    return (
      wrongReigns(record, { 1: 1 }) ??
      wrongAnswers(record, ['put a race', 'put d race', 'put e race']) ??
      disagreement(record)
    );
  },
};

/**
 * While the host of S3 makes a snapshot of one entry, S3 gets that of S1, with four, and its log goes
 * on behind that. The own one is ready then, and is older: it is thrown away.
 */
const ownSnapshotLate: Scenario = {
  id: 'own-snapshot-late',
  title: 'A snapshot is ready when a newer one was installed',
  milestone: 'extension',
  section: '§7',
  claim: 'A snapshot that a server has made itself does not replace a newer one of the leader.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, quietHeartbeats: true, snapshotMs: 100 })
    .at(100).elapse(1)
    .at(110).heartbeat(1)
    .at(150).isolate(3)
    .at(160).request(1, 'put a own', 'put b own', 'put c own')
    .at(170).takeSnapshot(1, 1)
    .at(200).takeSnapshot(3, 2)
    // The second heartbeat without an answer takes for lost what was sent to S3.
    .at(275).heal().heartbeat(1)
    .at(280).heartbeat(1)
    .at(400).crash(3, { restartMs: 20 })
    .at(450).request(1, 'put d own')
    .at(460).heartbeat(1)
    .until(700)
    .plan(),
  criterion(record) {
    const own = record.snapshotsTaken.find(({ node }) => node === 3);
    const install = record.installs(3)[0];
    if (own === undefined || install === undefined || own.order < install.order) {
      return 'The own snapshot of S3 is not ready after the other is installed.';
    }
    if (own.index >= install.index) return 'The own snapshot is not the older one.';
    const kept = record.durableOf(3, momentOf(record, 3, 'crashed') ?? 0).snapshot;
    if (kept?.lastIncludedIndex !== install.index) return 'S3 does not keep the newer snapshot.';
    const begin = record.restores.find(({ node, isStart }) => node === 3 && isStart);
    if (begin?.index !== install.index) return 'S3 does not begin anew with the newer snapshot.';
    return (
      wrongReigns(record, { 1: 1 }) ?? wrongAnswers(record, ['put d own']) ?? disagreement(record)
    );
  },
};

export const SNAPSHOT_EDGES: readonly Scenario[] = [
  conflictAtBoundary,
  staleSnapshot,
  snapshotRace,
  ownSnapshotLate,
];
