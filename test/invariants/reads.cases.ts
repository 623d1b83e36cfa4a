/** Reads that are answered without the log. */
import type { Command } from '../../core/messages.ts';
import type { Case } from './case.ts';
import { History } from './history.ts';

/** S1 leads term 1; "put x 1" is at index 2, committed and acknowledged. S2 has it, and knows. */
function written(): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  const put = history.propose(1, 'put x 1');
  history.replicate(1, 2).apply(1, 1).apply(1, 2).respond(1, '1.1/1', 'ok').answer(put, 'ok');
  history.replicate(1, 2, { prev: 2, commit: 2 });
  history.wake(2).apply(2, 1).apply(2, 2);
  return history;
}

/** The same; then S2 leads term 2 with the vote of S3 and commits "put x 2", and S1 does not know. */
function deposed(isAcknowledged: boolean): History {
  const history = written().elect(2, 2, [3]);
  const put = history.propose(2, 'put x 2', 2);
  history.replicate(2, 3).apply(2, 3).apply(2, 4);
  if (isAcknowledged) history.respond(2, '2.1/1', 'ok').answer(put, 'ok');
  return history;
}

/** S1 has committed and acknowledged "put x 1"; S3, which has it, leads term 2. */
function succeeded(): History {
  return written().replicate(1, 3).elect(3, 2, [2]);
}

/** A server answers a read from its state machine as it is. */
function read(history: History, node: number, get: Command): History {
  const id = `${get.clientId}.${get.seq}/1`;
  return history.request(node, id, get).respond(node, id, 'ok');
}

export const READ_CASES: readonly Case[] = [
  {
    property: 'fresh-reads',
    rule: 'stale-read',
    story: 'a deposed leader answers a read from its own state',
    bad: () => {
      const history = deposed(true);
      return read(history, 1, history.invoke(3, 'get x'));
    },
    good: () => {
      const history = deposed(true);
      return read(history, 2, history.invoke(3, 'get x'));
    },
  },
  {
    property: 'fresh-reads',
    rule: 'stale-read',
    story: 'a new leader answers a read before it has applied what its predecessor committed',
    bad: () => {
      const history = succeeded();
      return read(history, 3, history.invoke(3, 'range w z'));
    },
    good: () => {
      const history = succeeded();
      read(history, 3, history.invoke(3, 'range y z'));
      history.replicate(3, 2, { prev: 2 }).apply(3, 1).apply(3, 2).apply(3, 3);
      return read(history, 3, history.invoke(3, 'range w z'));
    },
  },
  {
    property: 'fresh-reads',
    rule: 'reign-over',
    story: 'a deposed leader answers a read that came when its successor had committed',
    bad: () => {
      const history = deposed(false);
      return read(history, 1, history.invoke(3, 'get x'));
    },
    good: () => {
      const history = written();
      const get = history.invoke(3, 'get x');
      history.request(1, '3.1/1', get).elect(2, 2, [3]);
      history.propose(2, 'put x 2', 2);
      history.replicate(2, 3).apply(2, 3).apply(2, 4);
      return history.wake(1).respond(1, '3.1/1', 'ok');
    },
  },
  {
    property: 'fresh-reads',
    rule: 'stale-read',
    story: 'a write that was swapped in counts, and one that was not does not',
    bad: () => {
      const history = written();
      const swap = history.propose(1, 'cas x 1 2');
      history.replicate(1, 2).apply(1, 3).respond(1, '1.2/1', 'ok').answer(swap, 'ok', 'swapped');
      return read(history, 2, history.invoke(3, 'get x'));
    },
    good: () => {
      const history = written();
      const swap = history.propose(1, 'cas x 0 2');
      history.replicate(1, 2).apply(1, 3).respond(1, '1.2/1', 'ok').answer(swap, 'ok', 'found 1');
      return read(history, 2, history.invoke(3, 'get x'));
    },
  },
];
