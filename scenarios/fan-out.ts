import type { Facts } from '../invariants/facts.ts';

/** Hands every fact to both, the first one first; its answer counts. */
export function fanOut(first: Facts, second: Facts): Facts {
  const both: ProxyHandler<Facts> = {
    get(target, name: keyof Facts) {
      return (...values: readonly unknown[]) => {
        const answer: unknown = Reflect.apply(target[name], target, values);
        Reflect.apply(second[name], second, values);
        return answer;
      };
    },
  };
  return new Proxy(first, both);
}
