/** One correct history with everything in it: elections, crashes, conflicts, clients. Silence. */
import { describe, expect, test } from 'vitest';
import { History } from './history.ts';

/** Three servers: a command is committed, the leader falls, its successor repairs its log. */
function goodHistory(): History {
  const history = new History(3).boot();
  history.elect(1, 1, [2, 3]);
  const put = history.propose(1, 'put x 1');
  history.replicate(1, 2);
  history.apply(1, 1).apply(1, 2).respond(1, '1.1/1', 'ok').answer(put, 'ok');
  history.replicate(1, 2, { prev: 2, commit: 2 });
  history.wake(2).apply(2, 1).apply(2, 2);
  // A tail that nobody else gets.
  const lost = history.propose(1, 'put x 2');
  history.crash(1).answer(lost, 'info');
  history.elect(2, 2, [3]);
  history.replicate(2, 3);
  history.apply(2, 3);
  const get = history.propose(2, 'get x', 2);
  history.start(1);
  history.replicate(2, 1, { prev: 1, commit: 3 });
  history.wake(1).apply(1, 1).apply(1, 2).apply(1, 3);
  history.wake(2).apply(2, 4).respond(2, '2.1/1', 'ok').answer(get, 'ok', '1');
  history.replicate(2, 3, { prev: 3, commit: 4 });
  history.wake(3).apply(3, 1).apply(3, 2).apply(3, 3).apply(3, 4);
  history.replicate(2, 1, { prev: 4, commit: 4 });
  history.wake(1).apply(1, 4);
  return history;
}

describe('a correct history', () => {
  test('breaks nothing', () => {
    const history = goodHistory().phase('heal').phase('quiet').pass(1_000);
    expect(history.findings).toEqual([]);
    expect(history.judge.isConverged()).toBe(true);
    history.judge.stateInspected(history.atUs, 1, 4, [['x', '1']]);
    history.phase('traffic').phase('end');
    expect(history.findings).toEqual([]);
    expect(history.judge.verdict).toBe('pass');
  });

  test('is counted', () => {
    const { judge } = goodHistory();
    expect(judge.statistics).toMatchObject({
      leaders: 2,
      termMax: 2,
      committedEntries: 4,
      committedCommands: 2,
      acknowledged: 2,
      unknown: 1,
      crashes: 1,
    });
    expect(judge.situations).toMatchObject({
      'leader-elected': 2,
      'conflict-truncated': 1,
      'own-tail-truncated': 1,
      'leader-crashed-with-tail': 1,
      'bare-quorum-commit': 3,
    });
  });
});
