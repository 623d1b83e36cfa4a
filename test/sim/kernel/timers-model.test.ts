/** Timers against deliberately dumb ones. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Clock } from '../../../sim/kernel/clock.ts';
import { EventQueue } from '../../../sim/kernel/event-queue.ts';
import { ItemKind } from '../../../sim/kernel/item.ts';
import { Timers } from '../../../sim/kernel/timers.ts';
import { planOf } from './probe.ts';

test('any timers under any operations fire as dumb ones do', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const step = fc.record({
    afterUs: fc.oneof(fc.constant(0), fc.nat(3_000), fc.nat(400_000)),
    act: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant('set' as const), name, ms: fc.nat(300) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), name }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('elapse' as const), name }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new EventQueue();
      const timers = new Timers(planOf(), 1, new Clock([], 1), queue);
      const deadlines = new Map<string, number>();
      let us = 0;
      steps.forEach(({ afterUs }, i) => {
        us += afterUs;
        queue.push(us, ItemKind.script, 0, 0, i, 0, null);
      });
      for (let item = queue.pop(); item !== null; item = queue.pop()) {
        const { nowUs } = queue;
        if (item.kind === ItemKind.timer) {
          const ran = timers.take(item.id, item.stamp);
          if (ran === null) continue;
          expect(deadlines.get(ran)).toBe(nowUs);
          deadlines.delete(ran);
          continue;
        }
        // Nothing is late; at the time of an operation either may come first.
        for (const deadlineUs of deadlines.values())
          expect(deadlineUs).toBeGreaterThanOrEqual(nowUs);
        const { act } = steps[item.id]!;
        if (act.do === 'set') {
          timers.set(act.name, act.ms, act.ms);
          deadlines.set(act.name, nowUs + act.ms * 1_000);
        } else if (act.do === 'cancel') {
          timers.cancel(act.name);
          deadlines.delete(act.name);
        } else if (act.do === 'elapse') {
          expect(timers.elapse(act.name)).toBe(deadlines.delete(act.name));
        } else {
          timers.cancelAll();
          deadlines.clear();
        }
      }
      expect(deadlines.size).toBe(0);
    }),
    { numRuns: 200, seed: 1 },
  );
});
