/** Stories of snapshots. */
import type { NodeId, Snapshot } from '../../core/messages.ts';
import { History, type Sent } from './history.ts';
import type { Story } from './story.ts';

/** S1 leads term 1 and has applied a no-op and two commands, which S2 has on disk, too; not S3. */
function appliedThree(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  history.propose(1, 'put x 1');
  history.propose(1, 'put y 2');
  return history.replicate(1, 2).apply(1, 1).apply(1, 2).apply(1, 3);
}

/** The same, and S1 has a snapshot of the three; its log is empty. */
function snapped(): History {
  const history = appliedThree();
  history.makeSnapshot(1, 3, 'x=1 y=2');
  return history;
}

/** The same; S1 has written a fourth entry, which S2 has, and has applied it. */
function snappedWithTail(): History {
  const history = snapped();
  history.propose(1, 'put x 4');
  return history.replicate(1, 2, { prev: 3 }).apply(1, 4);
}

const three = (history: History): Snapshot => history.snapshot(1, 3, 'x=1 y=2');

/** A chunk of the snapshot of S1: all of it unless told. */
function chunk(history: History, to: NodeId, options: { offset?: number; done?: boolean }): Sent {
  const { offset = 0, done = true } = options;
  const { data, ...label } = three(history);
  const part = { offset, data: data.slice(offset, done ? undefined : offset + 3), done };
  const term = history.termOf(1);
  return history.send(1, to, { kind: 'InstallSnapshot', term, leaderId: 1, ...label, ...part });
}

/** S3 has the snapshot of S1 on its disk, and no more; it does not know yet. */
function onDiskOfThird(history: History): History {
  history.deliver(history.wake(1).sendInstall(1, 3, three(history)));
  if (history.termOf(3) < history.termOf(1)) history.vote(3, history.termOf(1), 0);
  history.writeSnapshot(3, three(history));
  return history.flush(3);
}

/** S3 led term 1 for entries of its own; S1 leads term 2 and has a snapshot of three others. */
function conflicting(ops: number): History {
  const history = new History(3).boot().elect(3, 1, [2]);
  for (let i = 1; i < ops; i += 1) history.propose(3, `put x ${i}`);
  history.elect(1, 2, [2]);
  history.propose(1, 'put x 1', 2);
  history.propose(1, 'put y 2', 2);
  history.replicate(1, 2).apply(1, 1).apply(1, 2).apply(1, 3);
  history.makeSnapshot(1, 3, 'x=1 y=2');
  return history;
}

/** S3 gets part of a snapshot of S1, and then one of S2, the leader of term 2. */
function secondLeader(done: boolean): History {
  const history = snapped().replicate(1, 2, { prev: 3, commit: 3 });
  history.wake(2).apply(2, 1).apply(2, 2).apply(2, 3).makeSnapshot(2, 3, 'x=1 y=2');
  history.deliver(chunk(history.wake(1), 3, { done })).elect(2, 2, [1]);
  return history.deliver(history.wake(2).sendInstall(2, 3, history.snapshot(2, 3, 'x=1 y=2')));
}

export const SNAPSHOT_STORIES: Readonly<Record<string, Story>> = {
  'snapshot-taken': {
    told: () => snapped(),
    near: () => appliedThree().takeSnapshot(1, 3, 'x=1 y=2'),
  },
  'snapshot-overtaken': {
    told: () => {
      const history = snapped();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1);
      history.judge.snapshotAsked(2, 1);
      history.install(1, 2, three(history)).wake(2);
      history.judge.snapshotTaken(history.atUs, 2, 1, 'nothing');
      return history;
    },
    near: () => {
      const history = snapped();
      history.replicate(1, 2, { prev: 3, commit: 3 }).wake(2).apply(2, 1);
      history.takeSnapshot(2, 1, 'nothing');
      return history.install(1, 2, three(history));
    },
  },
  'snapshot-lost-in-crash': {
    told: () => {
      const history = appliedThree().takeSnapshot(1, 3, 'x=1 y=2');
      history.writeSnapshot(1, three(history));
      return history.crash(1);
    },
    near: () => {
      const history = appliedThree().takeSnapshot(1, 3, 'x=1 y=2');
      const writeId = history.writeSnapshot(1, three(history));
      return history.crash(1, [{ writeId, kept: -1 }]);
    },
  },
  'snapshot-beside-entries': {
    told: () => {
      const history = appliedThree().takeSnapshot(1, 3, 'x=1 y=2');
      history.writeSnapshot(1, three(history));
      history.flush(1).wake(1).compact(1, 3);
      return history.crash(1);
    },
    near: () => snapped().crash(1),
  },
  'whole-log-compacted': {
    told: () => snapped(),
    near: () => {
      const history = appliedThree().takeSnapshot(1, 3, 'x=1 y=2');
      history.writeSnapshot(1, three(history));
      history.flush(1).wake(1).compact(1, 2);
      return history.flush(1);
    },
  },
  'empty-log-in-election': {
    told: () => snapped().restart(1).restore(1, 3, 'x=1 y=2').campaign(1, 2, [2]),
    near: () => snappedWithTail().restart(1).restore(1, 3, 'x=1 y=2').campaign(1, 2, [2]),
  },
  'chunk-lost': {
    told: () => {
      const history = snapped();
      const { body } = chunk(history, 3, {});
      history.judge.sent(1, 2, 1_000, 0, body);
      return history;
    },
    near: () => {
      const history = snapped();
      chunk(history, 3, {});
      return history;
    },
  },
  'chunk-again': {
    told: () => {
      const history = snapped();
      chunk(history, 3, { done: false });
      chunk(history, 3, { done: false });
      return history;
    },
    near: () => {
      const history = snapped();
      chunk(history, 3, { done: false });
      chunk(history, 3, { offset: 3 });
      chunk(history, 2, { done: false });
      return history;
    },
  },
  'transfer-taken-over': {
    told: () => secondLeader(false),
    near: () => secondLeader(true),
  },
  'stale-snapshot-offered': {
    told: () => {
      const history = snappedWithTail();
      history.replicate(1, 2, { prev: 4, commit: 4 }).wake(2);
      history.apply(2, 1).apply(2, 2).apply(2, 3).apply(2, 4);
      return history.deliver(chunk(history.wake(1), 2, {}));
    },
    near: () => {
      const history = snappedWithTail();
      return history.deliver(chunk(history.wake(1), 2, {}));
    },
  },
  'snapshot-installed': {
    told: () => {
      const history = snapped();
      return history.install(1, 3, three(history));
    },
    near: () => snapped().restart(1).restore(1, 3, 'x=1 y=2'),
  },
  'installed-over-conflict': {
    told: () => onDiskOfThird(conflicting(5)),
    near: () => onDiskOfThird(snapped()),
  },
  'installed-before-tail': {
    told: () => onDiskOfThird(snappedWithTail().replicate(1, 3)),
    near: () => onDiskOfThird(snapped().replicate(1, 3)),
  },
  'appends-overtook-snapshot': {
    told: () => {
      const history = snapped();
      history.deliver(history.wake(1).sendInstall(1, 3, three(history)));
      history.writeSnapshot(3, three(history));
      history.take(history.wake(1).sendAppend(1, 3, { commit: 3 }));
      return history.apply(3, 1).apply(3, 2).apply(3, 3).flush(3);
    },
    near: () => {
      const history = snapped();
      history.deliver(history.wake(1).sendInstall(1, 3, three(history)));
      history.writeSnapshot(3, three(history));
      history.take(history.wake(1).sendAppend(1, 3, { commit: 3 }));
      return history.apply(3, 1).flush(3);
    },
  },
  'started-with-tail': {
    told: () => snappedWithTail().restart(1),
    near: () => snapped().restart(1),
  },
  'started-without-log': {
    told: () => onDiskOfThird(conflicting(2)).restart(3),
    near: () => onDiskOfThird(snapped().replicate(1, 3)).restart(3),
  },
};
