/** Snapshots, as course labs ask for them (their part D), and what they leave out. */
import type { Fault } from '../../sim/kernel/fault.ts';
import { at, atAnswer, crash, cutOff, does, every, on, outrun, shuffled } from './faults.ts';
import { FEW_RUNS, FEWER_RUNS, graded } from './graded.ts';
import { longTail } from './labs-tails.ts';
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
    runs: FEW_RUNS,
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
    runs: FEWER_RUNS,
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
    runs: FEW_RUNS,
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
    runs: FEWER_RUNS,
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
    runs: FEW_RUNS,
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
    runs: FEW_RUNS,
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
  graded({
    id: 'D8',
    title: 'Nothing left in the log',
    sentence: 'A log that is all in a snapshot is not empty, and ends where the snapshot ends.',
    section: '§5.4.1, §7',
    needs: ['snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 30,
      clients: 2,
      every: 0.4,
      snapshotEntries: 2,
      faults: [0, 1, 2, 3, 4].flatMap((round) => {
        const [a, b] = shuffled(trial, 3);
        const from = trial.us(3 + 5 * round);
        return [
          cutOff(at(from), trial.us(2), a!),
          crash(at(from + trial.us(2)), trial.us(2.5), b!),
        ];
      }),
    }),
    every: ['ok-answered', 'snapshot-taken'],
  }),
  graded({
    id: 'D9',
    title: 'Snapshots that come twice',
    sentence: 'A snapshot that covers no more than what a server has applied changes nothing.',
    section: '§7',
    needs: ['snapshots'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 26,
      clients: 4,
      every: 0.2,
      network: 'doubled',
      snapshotEntries: 3,
      faults: [
        ...every(trial, 3, 4, 6, (atUs) => [cutOff(at(atUs), trial.us(2), trial.pick(1, 3))]),
        ...every(trial, 5.2, 2, 10, (atUs) => [
          does(at(atUs), {
            do: 'exhume',
            node: trial.pick(1, 3),
            of: 'any',
            count: 40,
            withinUs: trial.us(0.5),
          }),
        ]),
      ],
    }),
    every: ['ok-answered', 'snapshot-taken'],
    some: ['snapshot-installed'],
  }),
  graded({
    id: 'D10',
    title: 'A snapshot over a tail',
    sentence: 'A snapshot takes the place of a tail that other entries were committed instead of.',
    section: '§7, Figure 13',
    needs: ['snapshots'],
    points: 3,
    shape: (trial) => ({
      ...longTail(trial),
      faults: [cutOff(atAnswer(1), trial.us(6))],
      snapshotEntries: 2,
    }),
    every: ['ok-answered', 'snapshot-taken'],
    some: ['snapshot-installed'],
    answered: 4,
  }),
  graded({
    id: 'D11',
    title: 'Snapshots that take their time',
    sentence: 'An own snapshot that comes late does not take the place of a newer one.',
    section: '§7',
    needs: ['snapshots', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 30,
      clients: 4,
      every: 0.1,
      snapshotEntries: 3,
      snapshotTakes: 3,
      faults: every(trial, 3, 3, 8, (atUs) => {
        const node = trial.pick(1, 3);
        return [
          cutOff(at(atUs), trial.us(1), node),
          crash(at(atUs + trial.us(2.6)), trial.us(0.2), node),
        ];
      }),
    }),
    every: ['ok-answered', 'snapshot-taken'],
  }),
  graded({
    id: 'D12',
    title: 'Power fails behind a snapshot',
    sentence: 'The log loses its beginning only when the snapshot of it is on the disk.',
    section: '§7, Figure 2 (persistent state)',
    needs: ['snapshots', 'durability'],
    points: 3,
    runs: FEWER_RUNS,
    shape: (trial) => ({
      size: 3,
      chaos: 26,
      clients: 5,
      every: 0.1,
      disk: 'slow',
      snapshotEntries: 4,
      snapshotTakes: 0.1,
      faults: Array.from({ length: 14 }, (_, i) => [
        does(on('snapshotTaken', 3 * i + 2, 0), {
          do: 'slow',
          node: 0,
          factor: trial.pick(2, 8),
          forUs: trial.us(0.3),
        }),
        crash(on('snapshotWritten', 2 * i + 2, 0), trial.usBetween(0.05, 0.5)),
        crash(on('sendBehindWrite', 40 * i + trial.pick(10, 40), 0), trial.usBetween(0.05, 0.5)),
      ]).flat(),
    }),
    every: ['ok-answered', 'snapshot-taken'],
    some: ['snapshot-restored'],
  }),
];
