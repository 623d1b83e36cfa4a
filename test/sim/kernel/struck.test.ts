/** Each fault is told when it strikes, before what it does. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../sim/kernel/plan.ts';
import { at, only, planOf, type Script, ticking, type Watched, watch } from './probe.ts';

const claiming: Script = ticking(1, (out, nth, { node }) => {
  if (node === 1 && nth === 5) {
    out.claim('leader', 1);
    out.note('after');
  }
});

/** [ms, fact, server], of all but what the servers do every ms. */
function told({ facts }: Watched): (string | number)[][] {
  return facts.flatMap((fact) => {
    if (!('n' in fact) || ['started', 'fired', 'timerSet'].includes(fact.k)) return [];
    return [[fact.t / 1_000, fact.k, fact.n]];
  });
}

test('a fault at a time: its place in the plan, and no server', () => {
  const faults = [
    at(9_000, { do: 'unblock' }),
    at(3_500, { do: 'crash', node: 2, restartUs: null, keep: 'none' }),
    at(4_500, { do: 'isolate', node: 3, direction: 'in', peers: 0, forUs: 1_000 }),
  ];
  const watched = watch(planOf({ faults }), claiming);
  expect(only(watched, 'struck')).toEqual([
    { t: 3_500, k: 'struck', n: 0, place: 1 },
    { t: 4_500, k: 'struck', n: 0, place: 2 },
    { t: 9_000, k: 'struck', n: 0, place: 0 },
  ]);
  expect(told(watched).slice(0, 3)).toEqual([
    [3.5, 'struck', 0],
    [3.5, 'crashed', 2],
    [4.5, 'struck', 0],
  ]);
});

test.each<[string, Fault['what'], (string | number)[][]]>([
  [
    'in the middle of a step',
    { do: 'crash', node: 2, restartUs: null, keep: 'none' },
    [
      [5, 'claimed', 1],
      [5, 'struck', 1],
      [5, 'crashed', 2],
      [5, 'noted', 1],
    ],
  ],
  [
    'one that waits for the end of the step: when it acts',
    { do: 'elapse', node: 0, timer: 'none' },
    [
      [5, 'claimed', 1],
      [5, 'noted', 1],
      [5, 'struck', 1],
    ],
  ],
  [
    'one that comes to nothing: all the same',
    { do: 'restart', node: 3 },
    [
      [5, 'claimed', 1],
      [5, 'noted', 1],
      [5, 'struck', 1],
    ],
  ],
])('a fault on a fact, with the server of the fact: %s', (_, what, facts) => {
  const fault: Fault = { when: { on: 'leader', node: 0, nth: 1, count: 0 }, what };
  const phases = { ...planOf().phases, chaosUs: 5_900 };
  expect(told(watch(planOf({ faults: [fault], phases }), claiming))).toEqual(facts);
});
