/** Snapshots, as course labs ask for them (their part D), and what they leave out. */
import type { Fault } from '../../sim/kernel/fault.ts';
import { at, crash, cutOff, every, on, outrun, shuffled } from './faults.ts';
import { graded } from './graded.ts';
import type { Trial } from './trial.ts';

const SNAPSHOT_ENTRIES = 10;

/** So many commands that every server takes snapshots again and again. */
const BUSY = { size: 3, chaos: 26, clients: 5, every: 0.15 };

/** One of three servers at a time is away for longer than the log reaches back. */
function absences(trial: Trial): Fault[] {
  return every(trial, 4, 7, 3, (atUs) => [cutOff(at(atUs), trial.us(5), trial.pick(1, 3))]);
}

/** One of three servers after the other loses power, and starts again. */
function crashes(trial: Trial): Fault[] {
  return every(trial, 4, 4, 5, (atUs) => [
    crash(at(atUs), trial.usBetween(0.5, 3), trial.pick(1, 3)),
  ]);
}

export const LABS_SNAPSHOTS = [
  graded({
    id: 'D1',
    title: 'Snapshots',
    sentence: 'Servers that replace their logs by snapshots agree as before.',
    section: '§7',
    covers: ['MIT SnapshotBasic', 'MadRaft snapshot_basic'],
    needs: ['snapshots'],
    shape: () => ({ size: 3, chaos: 14, clients: 4, snapshotEntries: SNAPSHOT_ENTRIES }),
    every: ['ok-answered', 'snapshot-taken'],
    answered: 20,
  }),
  graded({
    id: 'D2',
    title: 'A snapshot for who was away',
    sentence: 'A follower that is behind the log of the leader gets the snapshot.',
    section: '§7',
    covers: ['MIT SnapshotInstall', 'MadRaft snapshot_install'],
    needs: ['snapshots'],
    points: 3,
    shape: (trial) => ({
      ...BUSY,
      snapshotEntries: SNAPSHOT_ENTRIES,
      faults: absences(trial),
    }),
    every: ['ok-answered', 'snapshot-taken'],
    some: ['snapshot-restored'],
  }),
  graded({
    id: 'D3',
    title: 'The same on a bad network',
    sentence: 'Snapshots arrive late, twice and out of order, and no state goes back.',
    section: '§7',
    covers: ['MIT SnapshotInstallUnreliable', 'MadRaft snapshot_install_unreliable'],
    needs: ['snapshots'],
    points: 3,
    shape: (trial) => ({
      ...BUSY,
      network: 'hostile',
      snapshotEntries: SNAPSHOT_ENTRIES,
      faults: absences(trial),
    }),
    every: ['ok-answered'],
    some: ['snapshot-restored'],
  }),
  graded({
    id: 'D4',
    title: 'Crash, and restart from a snapshot',
    sentence: 'A server that restarts has its snapshot and the tail of its log.',
    section: '§7',
    covers: ['MIT SnapshotInstallCrash', 'MadRaft snapshot_install_crash'],
    needs: ['snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      ...BUSY,
      snapshotEntries: SNAPSHOT_ENTRIES,
      faults: crashes(trial),
    }),
    every: ['ok-answered', 'restarted-with-writes', 'snapshot-restored'],
  }),
  graded({
    id: 'D5',
    title: 'Crash on a bad network',
    sentence: 'Snapshots, crashes, loss and delay together.',
    section: '§7',
    covers: ['MIT SnapshotInstallUnCrash', 'MadRaft snapshot_install_unreliable_crash'],
    needs: ['snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      ...BUSY,
      network: 'hostile',
      snapshotEntries: SNAPSHOT_ENTRIES,
      faults: crashes(trial),
    }),
    every: ['ok-answered'],
    some: ['snapshot-restored'],
  }),
  graded({
    id: 'D6',
    title: 'All crash, with snapshots',
    sentence: 'All servers restart from snapshot and tail, and nothing goes back.',
    section: '§7',
    covers: ['MIT SnapshotAllCrash', 'MIT SnapshotInit'],
    needs: ['snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 24,
      clients: 5,
      every: 0.15,
      snapshotEntries: SNAPSHOT_ENTRIES,
      faults: every(trial, 5, 5, 3, (atUs) =>
        [1, 2, 3].map((node) => crash(at(atUs), trial.usBetween(0.1, 1), node)),
      ),
    }),
    every: ['ok-answered', 'snapshot-restored'],
  }),
  graded({
    id: 'D7',
    title: 'The disk is behind the snapshot',
    sentence: 'The log is cut only when the snapshot that covers it is safe.',
    section: '§7',
    needs: ['snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 5,
      chaos: 26,
      clients: 5,
      every: 0.15,
      disk: 'slow',
      snapshotEntries: SNAPSHOT_ENTRIES,
      faults: [
        ...Array.from({ length: 5 }, (_, i) =>
          outrun(on('sendBehindWrite', trial.pick(20, 120) * (i + 1), 0), trial.usBetween(0.1, 1)),
        ),
        ...every(trial, 6, 6, 3, (atUs) =>
          shuffled(trial, 5)
            .slice(0, 3)
            .map((node) => crash(at(atUs), trial.usBetween(0.5, 2), node)),
        ),
      ],
    }),
    every: ['ok-answered'],
    some: ['snapshot-restored'],
  }),
];
