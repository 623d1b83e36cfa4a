/** The one door to randomness. */
import { describe, expect, test } from 'vitest';
import { decide, logUniform, openStream } from '../../../sim/kernel/random.ts';

const DRAWS = 20_000;

describe('a stream', () => {
  test('has these values, on every machine: they are part of what a plan means', () => {
    const draw = openStream('7', 'net/1>2');
    expect([draw(), draw(), draw(), draw()].map((u) => u * 2 ** 32)).toEqual([
      623_835_404, 3_084_799_548, 3_855_312_939, 1_627_121_958,
    ]);
    expect(openStream('', '')() * 2 ** 32).toBe(1_778_411_327);
  });

  test('is the same for the same seed and name, and another for any other', () => {
    const first = (seed: string, name: string) => {
      const draw = openStream(seed, name);
      return [draw(), draw(), draw()].join();
    };
    expect(first('1', 'disk/1/log')).toBe(first('1', 'disk/1/log'));
    const seeds = ['0', '1', '10', '18446744073709551615', '1~1'];
    const names = ['net/1>2', 'net/2>1', 'net/1>3', 'timer/1/election', 'client/1', 'client/11'];
    const all = seeds.flatMap((seed) => names.map((name) => first(seed, name)));
    expect(new Set(all).size).toBe(seeds.length * names.length);
  });

  test('is not moved by draws from another one', () => {
    const alone = openStream('1', 'a');
    const values = [alone(), alone(), alone()];
    const [one, other] = [openStream('1', 'a'), openStream('1', 'b')];
    const mixed = [1, 2, 3].map(() => {
      other();
      other();
      return one();
    });
    expect(mixed).toEqual(values);
  });

  test('stays within [0, 1) and fills it evenly', () => {
    const draw = openStream('3', 'even');
    const tenths = Array<number>(10).fill(0);
    for (let i = 0; i < DRAWS; i += 1) {
      const u = draw();
      if (u < 0 || u >= 1) expect.fail(`${u}`);
      tenths[Math.floor(u * 10)]! += 1;
    }
    for (const count of tenths) expect(Math.abs(count - DRAWS / 10)).toBeLessThan(200);
  });
});

describe('decide', () => {
  test('reaches both ends of its range and nothing beyond', () => {
    const draw = openStream('1', 'decide');
    const counts = new Map<number, number>();
    for (let i = 0; i < DRAWS; i += 1) {
      const value = decide(draw, -2, 2);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    for (const count of counts.values()) expect(Math.abs(count - DRAWS / 5)).toBeLessThan(250);
  });

  test('gives the ends for the extreme draws', () => {
    expect(decide(() => 0, 5, 9)).toBe(5);
    expect(decide(() => 1 - 2 ** -32, 5, 9)).toBe(9);
    expect(decide(() => 1 - 2 ** -32, 0, 2 ** 32 - 1)).toBe(2 ** 32 - 1);
  });

  test('makes exactly one draw, also where there is nothing to decide', () => {
    let draws = 0;
    const counting = () => {
      draws += 1;
      return 0.5;
    };
    expect(decide(counting, 4, 4)).toBe(4);
    expect(decide(counting, 0, 1_000)).toBe(500);
    expect(draws).toBe(2);
  });
});

describe('logUniform', () => {
  test('stays within its bounds, whatever they are', () => {
    const draw = openStream('1', 'log');
    for (const [min, max] of [
      [1, 1],
      [1, 2],
      [5, 7],
      [1_000, 1_000],
      [1_000, 300_000],
    ] as const) {
      for (let i = 0; i < 2_000; i += 1) {
        const value = logUniform(draw(), min, max);
        if (!Number.isInteger(value) || value < min || value > max) expect.fail(`${value}`);
      }
    }
    expect(logUniform(0, 1_000, 64_000)).toBe(1_000);
    expect(logUniform(1 - 2 ** -32, 1_000, 64_000)).toBe(63_999);
  });

  test('finds every doubling as likely as every other', () => {
    const draw = openStream('2', 'log');
    const octaves = Array<number>(6).fill(0);
    for (let i = 0; i < DRAWS; i += 1) {
      const value = logUniform(draw(), 1_000, 64_000);
      octaves[octaves.findIndex((_, k) => value < 2_000 * 2 ** k)]! += 1;
    }
    for (const count of octaves) expect(Math.abs(count - DRAWS / 6)).toBeLessThan(250);
  });

  test('puts what lies beyond a last, incomplete doubling on the maximum', () => {
    // Doublings 1000-2000 and 2000-4000, cut at 3000: half of the second lies above.
    expect(logUniform(0.5, 1_000, 3_000)).toBe(2_000);
    expect(logUniform(0.74, 1_000, 3_000)).toBe(2_960);
    expect(logUniform(0.76, 1_000, 3_000)).toBe(3_000);
  });

  test('rises with the draw', () => {
    let before = 0;
    for (let i = 0; i < 1_000; i += 1) {
      const value = logUniform(i / 1_000, 3, 100_000);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
  });
});
