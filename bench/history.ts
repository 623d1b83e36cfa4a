/**
 * `npm run bench:history`: how long the search for an order takes on what many clients of a correct
 * store have seen: 10 clients, 10,000 operations each, on 20 keys.
 */
import { checkHistory, DEFAULT_CHECK } from '../invariants/linearizability/check-history.ts';
import type { Operation } from '../invariants/linearizability/history.ts';
import { openStream, type Stream } from '../sim/kernel/random.ts';
import { cpuSeconds } from './measure.ts';

const CLIENTS = 10;
const OPERATIONS_PER_CLIENT = 10_000;

/** Shares of all operations. */
interface Mix {
  readonly name: string;
  readonly keys: number;
  readonly range: number;
  readonly cas: number;
  readonly ttl: number;
  /** Never answered; half of these never happened. */
  readonly info: number;
}

const MIXES: readonly Mix[] = [
  { name: 'get, put', keys: 20, range: 0, cas: 0, ttl: 0, info: 0 },
  {
    name: 'and swaps, values that end, 5 % never answered',
    keys: 20,
    range: 0,
    cas: 0.2,
    ttl: 0.1,
    info: 0.05,
  },
  {
    name: 'and 10 % ranges, 2 % never answered',
    keys: 20,
    range: 0.1,
    cas: 0.2,
    ttl: 0.1,
    info: 0.02,
  },
  { name: 'all of them on one key, no ranges', keys: 1, range: 0, cas: 0.2, ttl: 0.1, info: 0.05 },
];

function main(): void {
  console.log(`${CLIENTS} clients, ${OPERATIONS_PER_CLIENT} operations each:\n`);
  console.log('   CPU s      steps  keys  operations');
  for (const mix of MIXES) {
    const operations = historyOf(mix, openStream('history', mix.name));
    let steps = 0;
    const seconds = cpuSeconds(() => {
      const judged = checkHistory(operations, DEFAULT_CHECK);
      if (judged.verdict !== 'linearizable') throw new Error(`${mix.name}: ${judged.verdict}`);
      steps = judged.steps;
    });
    const figures = [seconds.toFixed(1).padStart(8), String(steps).padStart(11)];
    console.log(`${figures.join('')}${String(mix.keys).padStart(6)}  ${mix.name}`);
  }
}

interface Planned {
  readonly name: string;
  readonly kind: 'get' | 'put' | 'cas' | 'putttl' | 'range';
  readonly key: string;
  readonly other: string;
  readonly value: string;
  readonly invokedUs: number;
  readonly returnedUs: number;
  /** When it takes effect; null: never. */
  readonly effectUs: number | null;
  readonly isAnswered: boolean;
  readonly luck: number;
}

function historyOf(mix: Mix, draw: Stream): Operation[] {
  const planned: Planned[] = [];
  for (let client = 1; client <= CLIENTS; client += 1) {
    let nowUs = Math.floor(draw() * 100);
    for (let seq = 1; seq <= OPERATIONS_PER_CLIENT; seq += 1) {
      const one = planOne(mix, draw, client, seq, nowUs);
      planned.push(one);
      nowUs = one.returnedUs + 1 + Math.floor(draw() * 20);
    }
  }
  const answers = carriedOut(planned);
  return planned.map(({ name, kind, key, other, value, invokedUs, returnedUs, isAnswered }, i) => {
    const { expected, answer } = answers[i]!;
    const args = { get: '', put: ` ${value}`, cas: ` ${expected} ${value}`, putttl: ` 1 ${value}` };
    const op = kind === 'range' ? `range ${key} ${other}` : `${kind} ${key}${args[kind]}`;
    return isAnswered
      ? { name, op, invokedUs, returnedUs, outcome: 'ok', value: answer }
      : { name, op, invokedUs, returnedUs: Infinity, outcome: 'info', value: null };
  });
}

function planOne(mix: Mix, draw: Stream, client: number, seq: number, nowUs: number): Planned {
  const takesUs = 50 + Math.floor(draw() * 200);
  const [share, first, second] = [draw(), draw(), draw()];
  const keys = [first, second].map((luck) => `x${Math.floor(luck * mix.keys)}`).sort();
  const { range, cas, ttl } = mix;
  const isRead = share < 0.5;
  const kind = isRead
    ? share < range
      ? 'range'
      : 'get'
    : share < 0.5 + cas
      ? 'cas'
      : share < 0.5 + cas + ttl
        ? 'putttl'
        : 'put';
  const isAnswered = draw() >= mix.info;
  const luck = draw();
  const effectUs = isAnswered || luck < 0.5 ? nowUs + draw() * takesUs : null;
  return {
    name: `client ${client}, seq ${seq}`,
    kind,
    key: keys[0]!,
    other: keys[1]!,
    value: `${client}.${seq}`,
    invokedUs: nowUs,
    returnedUs: nowUs + takesUs,
    effectUs,
    isAnswered,
    luck,
  };
}

/** What a store answers that takes one operation after the other. Its values end after 500 us. */
function carriedOut(planned: readonly Planned[]): { expected: string; answer: string | null }[] {
  const store = new Map<string, { readonly value: string; readonly endsUs: number }>();
  const answers = planned.map(() => ({ expected: 'none', answer: null as string | null }));
  const order = planned.map((_, i) => i).filter((i) => planned[i]!.effectUs !== null);
  order.sort((a, b) => planned[a]!.effectUs! - planned[b]!.effectUs! || a - b);
  for (const i of order) {
    const { kind, key, other, value, effectUs, luck } = planned[i]!;
    const found = (name: string): string | null => {
      const held = store.get(name);
      return held === undefined || held.endsUs <= effectUs! ? null : held.value;
    };
    const held = found(key);
    const expected = luck < 0.6 && held !== null ? held : 'none';
    const pairs = [...store.keys()].filter((name) => key <= name && name <= other).sort();
    const swap = held === null ? 'missing' : held === expected ? 'swapped' : `found ${held}`;
    const range = pairs.map((name) => [name, found(name)]).filter(([, one]) => one !== null);
    const results = { get: held, cas: swap, range: JSON.stringify(range), put: null, putttl: null };
    answers[i] = { expected, answer: results[kind] };
    const isWrite = kind === 'put' || kind === 'putttl' || (kind === 'cas' && swap === 'swapped');
    if (isWrite) store.set(key, { value, endsUs: kind === 'putttl' ? effectUs! + 500 : Infinity });
  }
  return answers;
}

main();
