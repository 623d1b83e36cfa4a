/**
 * Linearizability by its definition: every order of every subset is tried on a store that is written
 * a third time. Small histories only.
 */
import type { Operation } from '../../../invariants/linearizability/history.ts';

interface Held {
  readonly value: string;
  /** It was written with a time to live: it may be gone at any moment. */
  readonly mayEnd: boolean;
}

type Store = ReadonlyMap<string, Held>;

export function isLinearizable(operations: readonly Operation[]): boolean {
  return canFinish(
    operations.filter(({ outcome }) => outcome !== 'fail'),
    new Map(),
  );
}

/** Can these be carried out one after the other, beginning with this store? */
function canFinish(rest: readonly Operation[], store: Store): boolean {
  if (rest.every(({ outcome }) => outcome === 'info')) return true;
  const firstReturnUs = Math.min(
    ...rest.map(({ outcome, returnedUs }) => (outcome === 'ok' ? returnedUs : Infinity)),
  );
  return rest.some((operation) => {
    if (operation.invokedUs > firstReturnUs) return false;
    const others = rest.filter((other) => other !== operation);
    return weathered(store).some((worn) => {
      const { answer, next } = carryOut(operation.op, worn);
      if (operation.outcome === 'ok' && answer !== operation.value) return false;
      return canFinish(others, next);
    });
  });
}

/** The store, and what may have become of it by time alone. */
function weathered(store: Store): Store[] {
  let all: Store[] = [store];
  for (const [key, { mayEnd }] of store) {
    if (!mayEnd) continue;
    all = all.flatMap((one) => [one, new Map([...one].filter(([other]) => other !== key))]);
  }
  return all;
}

export function carryOut(op: string, store: Store): { answer: string | null; next: Store } {
  const [kind, key = '', ...rest] = op.split(' ');
  const held = store.get(key);
  const written = (value: string, mayEnd: boolean): Store =>
    new Map(store).set(key, { value, mayEnd });
  switch (kind) {
    case 'get':
      return { answer: held?.value ?? null, next: store };
    case 'put':
      return { answer: null, next: written(rest[0]!, false) };
    case 'putttl':
      return { answer: null, next: written(rest[1]!, true) };
    case 'cas':
      if (held === undefined) return { answer: 'missing', next: store };
      if (held.value !== rest[0]) return { answer: `found ${held.value}`, next: store };
      return { answer: 'swapped', next: written(rest[1]!, false) };
    default: {
      const inside = [...store.keys()].filter((name) => key <= name && name <= rest[0]!).sort();
      const pairs = inside.map((name) => [name, store.get(name)!.value]);
      return { answer: JSON.stringify(pairs), next: store };
    }
  }
}
