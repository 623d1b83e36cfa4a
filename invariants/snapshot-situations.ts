/** The named situations of snapshots (§7). */
// The ones that every plan may lead to come first in reports.
import './situations.ts';
import { type Situation, situation } from './situation.ts';

function named(id: string, sentence: string, seedsMin: number | null = 1_000): Situation {
  return situation(id, sentence, seedsMin, 'snapshots');
}

/** What can be counted where snapshots are on. */
export const SnapshotHappened = {
  taken: named('snapshot-taken', 'A server got a snapshot of its state machine on its disk.'),
  overtaken: named(
    'snapshot-overtaken',
    'A snapshot of its own state machine came when a server had a newer one of its leader already.',
    5_000,
  ),
  lostInCrash: named(
    'snapshot-lost-in-crash',
    'A crash lost a snapshot that was on its way to disk.',
  ),
  besideItsEntries: named(
    'snapshot-beside-entries',
    'A crash left a snapshot on disk and lost the compaction of the log behind it.',
  ),
  wholeLogCompacted: named(
    'whole-log-compacted',
    'A log lost its last entry to a snapshot and was empty.',
  ),
  candidateWithEmptyLog: named(
    'empty-log-in-election',
    'A server whose log was all in its snapshot stood for election, or gave its vote.',
  ),
  chunkLost: named('chunk-lost', 'A chunk of a snapshot was lost on its way.'),
  chunkAgain: named('chunk-again', 'A leader sent a chunk of a snapshot for the second time.'),
  transferTakenOver: named(
    'transfer-taken-over',
    'A server got a chunk of a snapshot while it had part of one of another leader.',
    5_000,
  ),
  staleOffer: named(
    'stale-snapshot-offered',
    'A chunk of a snapshot came to a server that had applied more than that.',
  ),
  installed: named('snapshot-installed', 'A server went on from a snapshot of its leader.'),
  installedOverConflict: named(
    'installed-over-conflict',
    'A snapshot of its leader took the place of entries that were other than those in it.',
    5_000,
  ),
  installedBeforeTail: named(
    'installed-before-tail',
    'A snapshot of its leader got on the disk of a server whose log went on behind it.',
    5_000,
  ),
  appendsWereFaster: named(
    'appends-overtook-snapshot',
    'Appends had brought as much when a snapshot of its leader was on the disk of a server.',
    5_000,
  ),
  startedWithTail: named(
    'started-with-tail',
    'A server started with a snapshot and entries behind it.',
  ),
  startedWithoutLog: named(
    'started-without-log',
    'A server started with a snapshot that its log did not reach, or contradicted.',
    5_000,
  ),
};
