/** A server whose lives are lists of writes, each ended by a crash. */
import type { Write } from '../../../core/contract.ts';
import type { Plan } from '../../../sim/kernel/plan.ts';
import { at, planOf, type Watched, watch } from './probe.ts';

export interface Issued {
  readonly id: number;
  readonly stream: string;
  readonly after: number;
  readonly write: Write;
}

export type Keep = 'none' | 'drawn' | 'all';

/** One life: its writes, some at its start and some at each ms, and the crash that ends it. */
export interface LifeSketch {
  readonly writes: readonly (Omit<Issued, 'id'> & { readonly atMs: number })[];
  readonly livesUs: number;
  readonly keep: Keep;
}

const RESTART_US = 500;

/** Server 1 lives these lives, one after the other, and then once more. */
export function live(lives: readonly LifeSketch[], sections: Partial<Plan> = {}): Watched {
  let us = 0;
  const faults = lives.map(({ livesUs, keep }) => {
    const crashUs = us + livesUs;
    us = crashUs + RESTART_US;
    return at(crashUs, { do: 'crash', node: 1, restartUs: RESTART_US, keep });
  });
  const disk = { latencyUsMin: 0, latencyUsMax: 3_000, noticeUsMax: 0, failPpm: 0 };
  const plan = planOf({
    cluster: { size: 1 },
    disk,
    phases: { chaosUs: 25_000 },
    ...sections,
    faults,
  });
  let startMs = 0;
  let lastId = 0;
  return watch(plan, (event, out, { boot }) => {
    if (event.kind !== 'start' && event.kind !== 'timer') return;
    if (event.kind === 'start') [startMs, lastId] = [event.now, 0];
    for (const { atMs, stream, after, write } of lives[boot]?.writes ?? []) {
      if (atMs !== event.now - startMs) continue;
      lastId += 1;
      out.persist(lastId, stream, after, write);
    }
    out.setTimer('tick', 1, 1);
  });
}
