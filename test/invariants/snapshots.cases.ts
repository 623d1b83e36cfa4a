/** Snapshots: what they are labelled with, what they hold, and what may go when they are there. */
import type { Case } from './case.ts';
import { History, noOp } from './history.ts';

/** S1 leads term 1 and has applied a no-op and two commands, which S2 has on disk, too; not S3. */
function appliedThree(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  history.propose(1, 'put x 1');
  history.propose(1, 'put y 2');
  return history.replicate(1, 2).apply(1, 1).apply(1, 2).apply(1, 3);
}

/** S1 has asked for a snapshot of three entries and got it. */
function taken(): History {
  return appliedThree().takeSnapshot(1, 3, 'x=1 y=2');
}

/** S1 has a durable snapshot of three entries. */
function safe(): History {
  const history = taken();
  history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2'));
  return history.flush(1).wake(1);
}

/** S3 led term 1 for three entries of its own; S1 leads term 2 and has a snapshot of three others. */
function conflicting(): History {
  const history = new History(3).boot().elect(3, 1, [2]);
  for (const op of ['put x 7', 'put x 8', 'put x 9']) history.propose(3, op);
  history.elect(1, 2, [2]);
  history.propose(1, 'put x 1');
  history.propose(1, 'put y 2');
  history.replicate(1, 2).apply(1, 1).apply(1, 2).apply(1, 3);
  history.makeSnapshot(1, 3, 'x=1 y=2');
  return history;
}

export const SNAPSHOT_CASES: readonly Case[] = [
  {
    property: 'snapshot-content',
    rule: 'written',
    story: 'a snapshot bears the commit index, and its state machine was behind',
    bad: () => {
      const history = appliedThree();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1).apply(2, 2);
      history.takeSnapshot(2, 3, 'x=1').apply(2, 3);
      history.writeSnapshot(2, history.snapshot(2, 3, 'x=1'));
      return history;
    },
    good: () => {
      const history = appliedThree();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1).apply(2, 2);
      history.takeSnapshot(2, 2, 'x=1').apply(2, 3);
      history.writeSnapshot(2, history.snapshot(2, 2, 'x=1'));
      return history;
    },
  },
  {
    property: 'snapshot-content',
    rule: 'restored',
    story: 'chunks are put together in the wrong order',
    bad: () => {
      const history = safe();
      return history
        .deliver(history.sendInstall(1, 3, history.snapshot(1, 3, '')))
        .restore(3, 3, 'y=2 x=1');
    },
    good: () => {
      const history = safe();
      return history
        .deliver(history.sendInstall(1, 3, history.snapshot(1, 3, '')))
        .restore(3, 3, 'x=1 y=2');
    },
  },
  {
    property: 'snapshot-content',
    rule: 'restored',
    story: 'a state machine is restored under another index than the snapshot was taken at',
    bad: () => safe().wake(2).restore(2, 2, 'x=1 y=2'),
    good: () => safe().wake(2).restore(2, 3, 'x=1 y=2'),
  },
  {
    property: 'snapshot-label',
    rule: 'ahead-of-state',
    story: 'a snapshot is labelled with more than its server has applied',
    bad: () => {
      const history = appliedThree();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1);
      history.writeSnapshot(2, history.snapshot(2, 3, 'in a format of its own'));
      return history;
    },
    good: () => {
      const history = appliedThree();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1);
      history.writeSnapshot(2, history.snapshot(2, 1, 'in a format of its own'));
      return history;
    },
  },
  {
    property: 'snapshot-label',
    rule: 'unknown-entry',
    story: 'a snapshot bears the current term, and not that of its last entry',
    bad: () => {
      const history = taken();
      history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2', { lastIncludedTerm: 2 }));
      return history;
    },
    good: () => {
      const history = taken();
      history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2', { lastIncludedTerm: 1 }));
      return history;
    },
  },
  {
    property: 'snapshot-label',
    rule: 'other-entry',
    story: 'a leader sends a snapshot with the term of an entry that was never committed',
    bad: () => {
      const history = conflicting();
      const snapshot = history.snapshot(1, 3, 'x=1 y=2', { lastIncludedTerm: 1 });
      history.wake(1).sendInstall(1, 2, snapshot);
      return history;
    },
    good: () => {
      const history = conflicting();
      history.wake(1).sendInstall(1, 2, history.snapshot(1, 3, 'x=1 y=2'));
      return history;
    },
  },
  {
    property: 'snapshot-label',
    rule: 'not-committed',
    story: 'a leader sends a snapshot of an entry that is only in its own log',
    bad: () => {
      const history = taken();
      history.propose(1, 'put x 3');
      history.sendInstall(1, 3, history.snapshot(1, 4, 'x=1 y=2'));
      return history;
    },
    good: () => {
      const history = taken();
      history.propose(1, 'put x 3');
      history.sendInstall(1, 3, history.snapshot(1, 3, 'x=1 y=2'));
      return history;
    },
  },
  {
    property: 'snapshot-label',
    rule: 'other-configuration',
    story: 'a snapshot is written without its configuration',
    bad: () => {
      const history = taken();
      const configuration = { voters: [], newVoters: null, learners: [] };
      history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2', { configuration }));
      return history;
    },
    good: () => {
      const history = taken();
      const configuration = { voters: [1, 2, 3], newVoters: null, learners: [] };
      history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2', { configuration }));
      return history;
    },
  },
  {
    property: 'log-joins-snapshot',
    rule: 'compacted-too-early',
    story: 'entries go while the snapshot is on its way to disk',
    bad: () => {
      const history = taken();
      history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2'));
      history.compact(1, 3);
      return history;
    },
    good: () => {
      const history = taken();
      const write = history.writeSnapshot(1, history.snapshot(1, 3, 'x=1 y=2'));
      history.compact(1, 3, write);
      return history;
    },
  },
  {
    property: 'log-joins-snapshot',
    rule: 'compacted-too-early',
    story: 'one entry too many goes',
    bad: () => {
      const history = safe();
      history.propose(1, 'put x 3');
      history.compact(1, 4);
      return history;
    },
    good: () => {
      const history = safe();
      history.propose(1, 'put x 3');
      history.compact(1, 3);
      return history;
    },
  },
  {
    property: 'log-joins-snapshot',
    rule: 'snapshot-taken-back',
    story: 'a slow snapshot of its own takes the place of one that was installed',
    bad: () => {
      const history = appliedThree();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1);
      history.takeSnapshot(2, 1, 'nothing');
      const snapshot = history.wake(1).makeSnapshot(1, 3, 'x=1 y=2');
      history.install(1, 2, snapshot).wake(2);
      history.writeSnapshot(2, history.snapshot(2, 1, 'nothing'));
      return history;
    },
    good: () => {
      const history = appliedThree();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1);
      history.takeSnapshot(2, 1, 'nothing');
      history.writeSnapshot(2, history.snapshot(2, 1, 'nothing'));
      const snapshot = history.wake(1).makeSnapshot(1, 3, 'x=1 y=2');
      return history.install(1, 2, snapshot).wake(2);
    },
  },
  {
    property: 'durable-promise',
    rule: 'snapshot-not-durable',
    story: 'an installation is confirmed while the snapshot is on its way to disk',
    bad: () => {
      const history = safe();
      const snapshot = history.snapshot(1, 3, 'x=1 y=2');
      history.deliver(history.sendInstall(1, 3, snapshot)).writeSnapshot(3, snapshot);
      history.sendInstalled(3, 1, 3);
      return history;
    },
    good: () => {
      const history = safe();
      const snapshot = history.snapshot(1, 3, 'x=1 y=2');
      history.deliver(history.sendInstall(1, 3, snapshot)).writeSnapshot(3, snapshot);
      history.flush(3).sendInstalled(3, 1, 3);
      return history;
    },
  },
  {
    property: 'durable-promise',
    rule: 'snapshot-not-durable',
    story: 'an installation is confirmed for a log that is not committed there',
    bad: () => {
      const history = conflicting();
      history.deliver(history.wake(1).sendInstall(1, 3, history.snapshot(1, 3, 'x=1 y=2')));
      history.sendInstalled(3, 1, 3);
      return history;
    },
    good: () => {
      const history = conflicting();
      history.deliver(history.wake(1).sendInstall(1, 2, history.snapshot(1, 3, 'x=1 y=2')));
      history.sendInstalled(2, 1, 3);
      return history;
    },
  },
  {
    property: 'applied-in-order',
    rule: 'restored-back',
    story: 'a snapshot comes late, and the state machine goes back to it',
    bad: () => {
      const history = safe();
      history.propose(1, 'put x 3');
      history.replicate(1, 2).apply(1, 4).replicate(1, 2, { prev: 4, commit: 4 });
      history.wake(2).apply(2, 1).apply(2, 2).apply(2, 3).apply(2, 4);
      return history.restore(2, 3, 'x=1 y=2');
    },
    good: () => {
      const history = safe();
      history.propose(1, 'put x 3');
      history.replicate(1, 2).apply(1, 4).replicate(1, 2, { prev: 4, commit: 4 });
      history.wake(2).apply(2, 1).apply(2, 2);
      return history.restore(2, 3, 'x=1 y=2').apply(2, 4);
    },
  },
  {
    property: 'applied-in-order',
    rule: 'applied-again',
    story: 'an installed snapshot does not move what counts as applied',
    bad: () => {
      const history = safe();
      history.install(1, 3, history.snapshot(1, 3, 'x=1 y=2')).wake(3);
      return history.apply(3, 1, noOp(1));
    },
    good: () => {
      const history = safe();
      history.install(1, 3, history.snapshot(1, 3, 'x=1 y=2'));
      history.propose(1, 'put x 3');
      history.replicate(1, 3, { prev: 3 }).apply(1, 4);
      return history.replicate(1, 3, { prev: 4, commit: 4 }).wake(3).apply(3, 4);
    },
  },
  {
    property: 'log-matching',
    rule: 'terms-fall',
    story: 'entries that conflict are kept behind an installed snapshot',
    bad: () => {
      const history = conflicting();
      const snapshot = history.snapshot(1, 3, 'x=1 y=2');
      history.deliver(history.wake(1).sendInstall(1, 3, snapshot)).vote(3, 2, 0);
      history.writeSnapshot(3, snapshot);
      history.flush(3).wake(3).compact(3, 3);
      return history;
    },
    good: () => {
      const history = conflicting();
      return history.install(1, 3, history.snapshot(1, 3, 'x=1 y=2'));
    },
  },
  {
    property: 'committed-never-dropped',
    rule: 'drops-committed',
    story: 'an installation drops what the server has applied behind the snapshot',
    bad: () => {
      const history = safe();
      history.propose(1, 'put x 3');
      history.replicate(1, 2).apply(1, 4).replicate(1, 2, { prev: 4, commit: 4 });
      history.wake(2).apply(2, 1).apply(2, 2).apply(2, 3).apply(2, 4);
      history.writeSnapshot(2, history.snapshot(2, 3, 'x=1 y=2'));
      history.flush(2).wake(2).truncate(2, 1);
      return history;
    },
    good: () => {
      const history = safe();
      history.propose(1, 'put x 3');
      history.replicate(1, 2).apply(1, 4).replicate(1, 2, { prev: 4, commit: 4 });
      history.wake(2).apply(2, 1).apply(2, 2).apply(2, 3);
      history.writeSnapshot(2, history.snapshot(2, 3, 'x=1 y=2'));
      history.flush(2).wake(2).truncate(2, 1);
      return history;
    },
  },
  {
    property: 'elected-by-majority',
    rule: 'too-few-votes',
    story: 'a server sends a snapshot as the leader of a term that nobody has voted in',
    bad: () => {
      const history = safe();
      history.vote(1, 2, 1);
      history
        .flush(1)
        .wake(1)
        .sendInstall(1, 3, history.snapshot(1, 3, 'x=1 y=2'));
      return history;
    },
    good: () => {
      const history = safe();
      history.campaign(1, 2, [2]).sendInstall(1, 3, history.snapshot(1, 3, 'x=1 y=2'));
      return history;
    },
  },
  {
    property: 'applied-in-order',
    rule: 'gap',
    story: 'a server is started again with its snapshot and goes on without restoring it',
    bad: () => {
      const history = safe();
      history.compact(1, 3);
      history.propose(1, 'put x 3');
      return history.replicate(1, 2).apply(1, 4).flush(1).restart(1).apply(1, 4);
    },
    good: () => {
      const history = safe();
      history.compact(1, 3);
      history.propose(1, 'put x 3');
      history.replicate(1, 2).apply(1, 4).flush(1).restart(1).restore(1, 3, 'x=1 y=2');
      history.elect(1, 2, [2]).replicate(1, 2, { prev: 4 });
      return history.apply(1, 4).apply(1, 5);
    },
  },
  {
    property: 'leader-creates-entries',
    rule: 'created-by-other',
    story: 'a server starts from its snapshot alone and appends behind the log that it found',
    bad: () => {
      const history = conflicting();
      const snapshot = history.snapshot(1, 3, 'x=1 y=2');
      history.deliver(history.wake(1).sendInstall(1, 3, snapshot)).vote(3, 2, 0);
      history.writeSnapshot(3, snapshot);
      history.flush(3).restart(3).restore(3, 3, 'x=1 y=2');
      history.propose(1, 'put x 4');
      history.deliver(history.wake(1).sendAppend(1, 3, { prev: 3 }));
      history.append(3, history.logOf(1)[3]!);
      return history;
    },
    good: () => {
      const history = conflicting();
      const snapshot = history.snapshot(1, 3, 'x=1 y=2');
      history.deliver(history.wake(1).sendInstall(1, 3, snapshot)).vote(3, 2, 0);
      history.writeSnapshot(3, snapshot);
      history.flush(3).restart(3).restore(3, 3, 'x=1 y=2').truncate(3, 1);
      history.compact(3, 3);
      history.propose(1, 'put x 4');
      history.deliver(history.wake(1).sendAppend(1, 3, { prev: 3 }));
      history.append(3, history.logOf(1)[3]!);
      return history.flush(3).wake(3);
    },
  },
];
