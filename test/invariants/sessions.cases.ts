/** Commands that are sent again in a session, and what they leave behind. */
import type { Command } from '../../core/messages.ts';
import type { Case } from './case.ts';
import { History } from './history.ts';

/** One server that leads; its no-op is at index 1, and client 1 has session 2, opened there. */
export function registered(): History {
  const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
  const register = history.propose(1, 'register', 1);
  return history.apply(1, 2).respond(1, '1.1/1', 'ok').answer(register, 'ok', '2');
}

/** A command of session 2; not sent yet. */
export function inSession(history: History, op: string): Command {
  return { ...history.invoke(1, op), session: 2, answeredBelow: 2 };
}

/** Attempt `attempt` at the command makes an entry, which is applied at `index`. */
export function attempt(
  history: History,
  command: Command,
  number: number,
  index: number,
): History {
  history.request(1, `1.${command.seq}/${number}`, command).append(1, { term: 1, command });
  return history.flush(1).apply(1, index);
}

/** "put x 1" of the session is at index 3, "put x 2" of client 2 at 4, the duplicate of the first at 5. */
function putTwice(): History {
  const history = registered();
  const put = inSession(history, 'put x 1');
  attempt(history, put, 1, 3);
  const other = history.propose(1, 'put x 2', 2);
  history.apply(1, 4).respond(1, '2.1/1', 'ok').answer(other, 'ok');
  attempt(history, put, 2, 5);
  return history.respond(1, '1.2/2', 'ok').answer(put, 'ok');
}

function readAfter(value: string): History {
  const history = putTwice();
  const get = history.propose(1, 'get x', 2);
  return history.apply(1, 6).respond(1, '2.2/1', 'ok').answer(get, 'ok', value);
}

/** "cas x 1 2" of the session is at indexes 4 and 5, and the second attempt is answered with this. */
function swapTwice(value: string): History {
  const history = registered();
  history.propose(1, 'put x 1', 2);
  history.apply(1, 3);
  const swap = inSession(history, 'cas x 1 2');
  attempt(attempt(history, swap, 1, 4), swap, 2, 5);
  return history.respond(1, '1.2/2', 'ok').answer(swap, 'ok', value);
}

const stateOf = (x: string, sessions: unknown[]): string =>
  JSON.stringify({ clock: 0, keys: [['x', x, 0]], sessions });

export const SESSION_CASES: readonly Case[] = [
  {
    property: 'exactly-once',
    rule: 'session-ignored',
    story: 'a write that was sent again comes back over a later one',
    bad: () => readAfter('1'),
    good: () => readAfter('2'),
  },
  {
    property: 'exactly-once',
    rule: 'session-ignored',
    story: 'a state machine holds what a duplicate has written',
    bad: () => {
      const history = putTwice().end();
      history.judge.stateInspected(history.atUs, 1, 5, [['x', '1']]);
      return history;
    },
    good: () => {
      const history = putTwice().end();
      history.judge.stateInspected(history.atUs, 1, 5, [['x', '2']]);
      history.judge.stateInspected(history.atUs, 1, 3, [['x', '1']]);
      return history;
    },
  },
  {
    property: 'exactly-once',
    rule: 'answered-anew',
    story: 'a swap that was sent again is answered with its own work',
    bad: () => swapTwice('found 2'),
    good: () => swapTwice('swapped'),
  },
  {
    property: 'linearizability',
    rule: 'wrong-result',
    story: 'a swap says that it has failed, and has not',
    bad: () => {
      const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
      const swap = history.propose(1, 'cas x 1 2', 1);
      return history.apply(1, 2).respond(1, '1.1/1', 'ok').answer(swap, 'ok', 'found 3');
    },
    good: () => {
      const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
      const swap = history.propose(1, 'cas x 1 2', 1);
      return history.apply(1, 2).respond(1, '1.1/1', 'ok').answer(swap, 'ok', 'missing');
    },
  },
  {
    property: 'linearizability',
    rule: 'wrong-read',
    story: 'a range lacks a key',
    bad: () => {
      const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
      history.propose(1, 'put x 1', 1);
      const range = history.propose(1, 'range a z', 2);
      history.apply(1, 2).apply(1, 3).respond(1, '2.1/1', 'ok');
      return history.answer(range, 'ok', '[]');
    },
    good: () => {
      const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
      history.propose(1, 'put x 1', 1);
      const range = history.propose(1, 'range a z', 2);
      history.apply(1, 2).apply(1, 3).respond(1, '2.1/1', 'ok');
      return history.answer(range, 'ok', '[["x","1"]]');
    },
  },
  {
    property: 'linearizability',
    rule: 'wrong-read',
    story: 'a value outlives its time, by the clock of the log',
    bad: () => expiring('1'),
    good: () => expiring(null),
  },
  {
    property: 'linearizability',
    rule: 'wrong-read',
    story: 'a read without the log finds what is not there',
    bad: () => readDirectly('2'),
    good: () => readDirectly('1'),
  },
  {
    property: 'linearizability',
    rule: 'stale-read',
    story: 'a read without the log goes back behind an earlier one',
    bad: () => readInTurn(3, 2),
    good: () => readInTurn(2, 3),
  },
  {
    property: 'state-equals-log',
    rule: 'sessions-differ',
    story: 'a snapshot leaves out a session',
    bad: () => putTwice().takeSnapshot(1, 5, stateOf('2', [])),
    good: () => putTwice().takeSnapshot(1, 5, stateOf('2', [[2, 0, 2, [[2, null]]]])),
  },
  {
    property: 'state-equals-log',
    rule: 'times-differ',
    story: 'a snapshot forgets when a value ends',
    bad: () => expiring(null).takeSnapshot(1, 2, snapshotOfExpiring(0)),
    good: () => expiring(null).takeSnapshot(1, 2, snapshotOfExpiring(150)),
  },
];

const snapshotOfExpiring = (endsMs: number): string =>
  JSON.stringify({ clock: 100, keys: [['x', '1', endsMs]], sessions: [] });

/** A value that lasts 50 ms is written at 100 ms and read at 150 ms, by the wall clock of the leader. */
function expiring(value: string | null): History {
  const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
  const put = history.invoke(1, 'putttl x 50 1');
  history.request(1, '1.1/1', put).append(1, { term: 1, command: put, wallClock: 100 });
  history.flush(1).apply(1, 2);
  const get = history.invoke(2, 'get x');
  history.request(1, '2.1/1', get).append(1, { term: 1, command: get, wallClock: 150 });
  history.flush(1).apply(1, 3).respond(1, '2.1/1', 'ok').answer(get, 'ok', value);
  return history.wake(1);
}

/** "put x 1" is at index 2, committed and acknowledged; then a read is answered without the log. */
function readDirectly(value: string): History {
  const history = new History(1).boot().elect(1, 1, []).apply(1, 1);
  const put = history.propose(1, 'put x 1', 1);
  history.apply(1, 2).respond(1, '1.1/1', 'ok').answer(put, 'ok');
  const get = history.invoke(2, 'get x');
  history.request(1, '2.1/1', get).respond(1, '2.1/1', 'ok').answer(get, 'ok', value);
  return history.wake(1);
}

/**
 * S1 has committed "put x 1" at index 2 and "put x 2" at index 3, which nobody was told of; S2 has
 * applied only the first. Three reads without the log: the first one shows that there are such, the
 * second and the third are answered by these servers.
 */
function readInTurn(second: number, third: number): History {
  const history = new History(3).boot().elect(1, 1, [2, 3]);
  const put = history.propose(1, 'put x 1', 1);
  history.replicate(1, 2).apply(1, 1).apply(1, 2).respond(1, '1.1/1', 'ok').answer(put, 'ok');
  history.replicate(1, 2, { prev: 2, commit: 2 });
  history.wake(2).apply(2, 1).apply(2, 2);
  history.propose(1, 'put x 2', 2);
  history.replicate(1, 2, { prev: 2 }).apply(1, 3);
  const server = (index: number): number => (index === 3 ? 1 : 2);
  [2, second, third].forEach((index, i) => {
    const get = history.invoke(3, 'get x');
    const id = `3.${i + 1}/1`;
    history.request(server(index), id, get).respond(server(index), id, 'ok');
    history.answer(get, 'ok', index === 3 ? '2' : '1').wake(1);
  });
  return history;
}
