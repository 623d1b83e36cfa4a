/**
 * Linearizability is local: a history is linearizable when that of each object is. Here an object is
 * a key, or several keys that ranges have read together.
 */
import { ABSENT, UNKNOWN } from './effects.ts';
import { withoutUnseen } from './sightings.ts';
import type { Step } from './steps.ts';

/** The steps on keys that have to be ordered together. */
export interface Part {
  readonly steps: readonly Step[];
  /** What its keys hold at first, by place. Effects name keys by these places. */
  readonly cells: readonly number[];
}

export function partsOf(
  steps: readonly Step[],
  keyCount: number,
  initial: 'empty' | 'unknown',
): Part[] {
  const roots = rootsOf(steps, keyCount);
  const places: number[] = [];
  const members = new Map<number, { steps: Step[]; count: number }>();
  for (let key = 0; key < keyCount; key += 1) {
    const part = members.get(roots[key]!) ?? { steps: [], count: 0 };
    members.set(roots[key]!, part);
    places.push(part.count);
    part.count += 1;
  }
  for (const step of steps) {
    const effects = step.effects.map((effect) => ({ ...effect, key: places[effect.key]! }));
    members.get(roots[step.effects[0]!.key]!)!.steps.push({ ...step, effects });
  }
  const cell = initial === 'empty' ? ABSENT : UNKNOWN;
  return [...members.values()].map((part) => ({
    steps: withoutUnseen(part.steps),
    cells: new Array<number>(part.count).fill(cell),
  }));
}

/** By key: the lowest key that it is bound to. */
function rootsOf(steps: readonly Step[], keyCount: number): number[] {
  const roots = Array.from({ length: keyCount }, (_, key) => key);
  const rootOf = (key: number): number => {
    let root = key;
    while (roots[root] !== root) root = roots[root]!;
    return root;
  };
  for (const { effects } of steps) {
    for (const { key } of effects) {
      const [a, b] = [rootOf(effects[0]!.key), rootOf(key)];
      roots[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return roots.map((_, key) => rootOf(key));
}
