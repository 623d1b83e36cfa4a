/** The heal ends all faults: those that run, those that wait, and those that are still to come. */
import { describe, expect, test } from 'vitest';
import { lives, only, planOf, type Script, ticking, watch } from './probe.ts';

describe('after the heal', () => {
  const config = { ...planOf().cluster.config, electionMsMin: 20, electionMsMax: 40 };
  const settling = {
    cluster: { size: 3, config: { ...config, heartbeatMs: 8 } },
    phases: { ...planOf().phases, chaosUs: 50_500, settle: true },
  };
  const noting: Script = ticking(10, (out, nth) => {
    out.note(`${nth}`);
  });
  const what = { do: 'crash', node: 0, restartUs: null, keep: 'none' } as const;

  test('no trigger fires any more', () => {
    const crashes = (nth: number) => {
      const when = { on: 'action', node: 1, nth, count: 0 } as const;
      const watched = watch(planOf({ ...settling, faults: [{ when, what }] }), noting);
      expect(watched.result.virtualUs).toBeGreaterThan(100_000);
      return only(watched, 'crashed').map(({ t }) => t);
    };
    // One action at the start, and two in each of five ticks.
    expect(crashes(11)).toEqual([50_000]);
    expect(crashes(12)).toEqual([]);
  });

  test('no fault happens any more, and none ends that was ended by the heal', () => {
    const faults = [
      { when: { atUs: 60_000 }, what: { ...what, node: 1 } },
      { when: { atUs: 60_000 }, what: { do: 'pause', node: 2, forUs: 5_000 } as const },
      { when: { atUs: 40_000 }, what: { do: 'pause', node: 3, forUs: 50_000 } as const },
      { when: { atUs: 41_000 }, what: { ...what, node: 1, restartUs: 50_000 } },
      { when: { atUs: 60_000 }, what: { do: 'elapse', node: 1, timer: 'tick' } as const },
    ];
    const watched = watch(planOf({ ...settling, faults }), noting);
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['crashed', 41],
      ['started', 50.5],
    ]);
    expect(lives(watched, 2)).toEqual([['started', 0]]);
    expect(lives(watched, 3)).toEqual([
      ['started', 0],
      ['paused', 40],
      ['resumed', 50.5],
    ]);
    const ticks = only(watched, 'fired').filter(({ n, t }) => n === 1 && t > 50_500);
    expect(ticks[0]!.t).toBe(60_500);
  });

  test('a server that halts is down for good', () => {
    const watched = watch(planOf(settling), (event, out, me) => {
      noting(event, out, me);
      if (event.kind === 'timer' && event.now === 100 && me.node === 1) out.halt('damaged');
    });
    expect(lives(watched, 1)).toEqual([
      ['started', 0],
      ['halted', 100],
      ['crashed', 100],
    ]);
  });

  test('a server that halted before is back', () => {
    const watched = watch(planOf(settling), (event, out, me) => {
      noting(event, out, me);
      if (event.kind === 'start' && me.node === 1 && me.boot === 0) out.halt('damaged');
    });
    expect(lives(watched, 1).at(-1)).toEqual(['started', 50.5]);
  });
});
