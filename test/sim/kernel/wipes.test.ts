/** Servers that are gone for good. */
import { describe, expect, test } from 'vitest';
import type { FaultAction, Plan } from '../../../sim/kernel/plan.ts';
import { ok, operations, serving } from './asking.ts';
import { at, lives, only, planOf, type Script, watch } from './probe.ts';

function wipe(node: number): FaultAction {
  return { do: 'wipe', node };
}

const restart: FaultAction = { do: 'restart', node: 3 };
const idle: Script = () => {};

function watchWiped(sections: Partial<Plan>, script = idle) {
  return watch(planOf({ eventsMax: 200, ...sections }), script);
}

describe('a server that is wiped', () => {
  test('crashes, with all that was not durable, and is never started again', () => {
    const script: Script = (event, out) => {
      if (event.kind !== 'start') return;
      out.persist(1, 'log', 0, { kind: 'append', entries: [{ term: 1, command: null }] });
    };
    const faults = [at(100, wipe(3)), at(5_000, restart)];
    const watched = watchWiped({ faults }, script);
    expect(lives(watched, 3)).toEqual([
      ['started', 0],
      ['crashed', 0.1],
    ]);
    expect(only(watched, 'crashed')).toMatchObject([{ n: 3, survivors: [] }]);
    expect(only(watched, 'wiped')).toEqual([{ t: 100, n: 3, k: 'wiped' }]);
  });

  test('does not come back from a crash that was to end', () => {
    const crash = at(1_000, { do: 'crash', node: 3, restartUs: 9_000, keep: 'all' });
    const watched = watchWiped({ faults: [crash, at(5_000, wipe(3))] });
    expect(lives(watched, 3)).toEqual([
      ['started', 0],
      ['crashed', 1],
    ]);
    expect(only(watched, 'wiped').map(({ t }) => t)).toEqual([5_000]);
  });

  test('is wiped once', () => {
    const watched = watchWiped({ faults: [at(1_000, wipe(3)), at(2_000, wipe(3))] });
    expect(only(watched, 'wiped').map(({ t }) => t)).toEqual([1_000]);
    expect(only(watched, 'struck').length).toBe(2);
  });

  test('is dead after the heal, like the rest', () => {
    const phases = { ...planOf().phases, chaosUs: 10_000, settle: true, core: [1, 2] };
    for (const rest of ['dead', 'cut'] as const) {
      const watched = watchWiped({ faults: [at(1_000, wipe(3))], phases: { ...phases, rest } });
      expect(lives(watched, 3).length).toBe(2);
      expect(only(watched, 'phaseBegan').at(-1)!.core).toEqual([1, 2]);
    }
  });

  test('is left out of the core when a fact has chosen it', () => {
    const when = { on: 'acknowledged', node: 0, nth: 3, count: 0 } as const;
    const phases = { ...planOf().phases, chaosUs: 300_000, settle: true };
    const workload = { ...planOf().workload, clients: 1 };
    const faults = [{ when, what: wipe(0) }];
    const watched = watchWiped({ faults, phases, workload }, serving(ok));
    const gone = only(watched, 'wiped')[0]!.n;
    const began = only(watched, 'phaseBegan');
    expect(began[0]!.core).toEqual([1, 2, 3]);
    expect(began[1]).toMatchObject({ phase: 'heal', core: [1, 2, 3].filter((n) => n !== gone) });
    expect(lives(watched, gone).map(([what]) => what)).toEqual(['started', 'crashed']);
  });

  test('leaves nobody to settle when it was the last', () => {
    const phases = { ...planOf().phases, chaosUs: 10_000, settle: true };
    const faults = [1, 2, 3].map((node) => at(1_000 * node, wipe(node)));
    const watched = watchWiped({ faults, phases });
    expect(only(watched, 'phaseBegan').map(({ phase }) => phase)).toEqual(['chaos', 'heal', 'end']);
    expect(watched.result.virtualUs).toBe(10_000);
  });

  test('refuses clients like one that is down', () => {
    const workload = { ...planOf().workload, clients: 2 };
    const watched = watchWiped(
      { faults: [at(50_000, wipe(1))], workload, eventsMax: 1_000 },
      serving(ok),
    );
    const late = operations(watched).filter(({ t }) => t > 60_000);
    expect(late.length).toBeGreaterThan(20);
    for (const { outcome } of late.slice(0, -1)) expect(outcome).toBe('ok');
  });
});
