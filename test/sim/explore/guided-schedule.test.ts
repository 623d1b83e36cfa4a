import { describe, expect, test } from 'vitest';
import { GENERATION, GuidedSchedule } from '../../../sim/campaign/guided-schedule.ts';
import { runSeeds } from '../../../sim/campaign/run-seeds.ts';
import { WHOLE } from '../../../sim/campaign/seed-range.ts';
import type { SeedsReply, SeedsTask } from '../../../sim/campaign/task.ts';

const range = { from: '7', count: 150, shard: WHOLE };

/** A reply in which every run reached a state of its own. */
function replyTo(task: SeedsTask): SeedsReply {
  const nothing = runSeeds(
    { ...task, positions: [], seeds: [] },
    { disabled: new Set() } as never,
    null!,
  );
  return {
    ...nothing,
    events: task.seeds.map(() => 1),
    digests: task.seeds.map(() => '0'.repeat(16)),
    states: task.positions.map((position) => ({
      keys: Int32Array.of(position),
      timesMs: Uint32Array.of(1),
    })),
  };
}

async function takeGeneration(schedule: GuidedSchedule, size: number): Promise<SeedsTask[]> {
  const tasks: SeedsTask[] = [];
  for (let left = size; left > 0; left -= tasks.at(-1)!.seeds.length) {
    tasks.push((await schedule.next())!);
  }
  return tasks;
}

/** True when the promise is settled already. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = {};
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('the schedule of a guided search', () => {
  test('begins with the seeds, and waits for all of them before it goes on', async () => {
    const schedule = new GuidedSchedule(range, 2);
    const tasks = await takeGeneration(schedule, GENERATION);
    expect(tasks.flatMap(({ seeds }) => seeds)).toEqual(
      Array.from({ length: GENERATION }, (_, i) => String(7 + i)),
    );
    const [last, ...others] = [...tasks].reverse();
    for (const task of others) schedule.learn(task, replyTo(task));
    const next = schedule.next();
    expect(await isSettled(next)).toBe(false);
    schedule.learn(last!, replyTo(last!));
    const task = (await next)!;
    expect(task.positions[0]).toBe(GENERATION);
    expect(schedule.counts).toMatchObject({ generations: 2, states: GENERATION });
    expect(task.isWatched).toBe(true);
  });

  test('does not depend on the order in which runs end', async () => {
    const names = await Promise.all(
      [1, -1].map(async (order) => {
        const schedule = new GuidedSchedule(range, 3);
        const tasks = await takeGeneration(schedule, GENERATION);
        tasks.sort((a, b) => order * (a.positions[0]! - b.positions[0]!));
        for (const task of tasks) schedule.learn(task, replyTo(task));
        return takeGeneration(schedule, 150 - GENERATION);
      }),
    );
    expect(names[0]).toEqual(names[1]);
    expect(names[0]!.flatMap(({ plans }) => plans!).some((plan) => plan !== null)).toBe(true);
  });

  test('goes on when a run is lost, after what was put back', async () => {
    const schedule = new GuidedSchedule(range, 2);
    const [first, ...others] = await takeGeneration(schedule, GENERATION);
    for (const task of others) schedule.learn(task, replyTo(task));
    const waiting = schedule.next();
    schedule.lose(first!.positions[0]!);
    const rest = { ...first!, positions: first!.positions.slice(1), seeds: first!.seeds.slice(1) };
    schedule.putBack(rest);
    expect(await waiting).toBe(rest);
    const next = schedule.next();
    expect(await isSettled(next)).toBe(false);
    schedule.learn(rest, replyTo(rest));
    expect((await next)!.positions[0]).toBe(GENERATION);
  });

  test('learns nothing from runs that failed', async () => {
    const schedule = new GuidedSchedule(range, 2);
    for (const task of await takeGeneration(schedule, GENERATION)) {
      const failures = task.positions.map(
        (position) => ({ position }) as SeedsReply['failures'][0],
      );
      schedule.learn(task, { ...replyTo(task), failures });
    }
    const tasks = await takeGeneration(schedule, 150 - GENERATION);
    expect(tasks.flatMap(({ plans }) => plans!).every((plan) => plan === null)).toBe(true);
  });

  test('ends with the last run, or when it is stopped', async () => {
    const schedule = new GuidedSchedule(range, 2);
    for (const size of [GENERATION, 150 - GENERATION]) {
      for (const task of await takeGeneration(schedule, size)) schedule.learn(task, replyTo(task));
    }
    expect(await schedule.next()).toBeNull();
    const stopped = new GuidedSchedule(range, 2);
    await takeGeneration(stopped, GENERATION);
    const waiting = stopped.next();
    stopped.stop();
    expect(await waiting).toBeNull();
  });
});
