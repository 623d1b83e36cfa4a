/** What clients ask for: their luck, and what they have learnt from answers. */
import { type Client, newOperation, type Operation } from './operation.ts';
import type { WorkloadPlan } from './plan.ts';
import { decide, type Stream } from './random.ts';

const MILLION = 1_000_000;
/** Values that end last between a millisecond and this long, by logged time: short ones mostly. */
const LIFETIME_MS_MAX = 4_000;
/** This share of the requests of sessions comes a second time … */
const STRAY_PPM = 50_000;
/** … up to so many client timeouts later, soon ones being more likely. */
const STRAY_TIMEOUTS_MAX = 4;

/**
 * Draws the next batch of commands; in the last phase one read, of the next key. A client that
 * needs a session asks for that first.
 */
export function drawBatch(client: Client, plan: WorkloadPlan, isFinal: boolean): void {
  const { draw, current } = client;
  client.answeredBelow = client.seq + 1;
  if (plan.sessions && client.session === 0) {
    current.push(newOperation(client, 'register', false));
    return;
  }
  const count = decide(draw, 1, plan.batchMax);
  const kindDraw = draw() * MILLION;
  const keyDraw = draw();
  if (isFinal) {
    current.push(newOperation(client, `get x${client.finalReads}`, true));
    return;
  }
  for (let i = 0; i < count; i += 1) {
    // One draw decides about all of the batch, whatever its size.
    const isRead = (kindDraw + i * 700_001) % MILLION < plan.readPpm;
    const key = (Math.floor(keyDraw * plan.keys) + i) % plan.keys;
    const op =
      client.kindDraw === null
        ? isRead
          ? `get x${key}`
          : `put x${key} ${client.id}.${client.seq + 1}`
        : drawKind(client, client.kindDraw, plan, isRead, key);
    current.push(newOperation(client, op, isRead));
  }
}

/** Two draws for every operation, used or not. */
function drawKind(
  client: Client,
  kindDraw: Stream,
  { keys, casPpm, ttlPpm, rangePpm }: WorkloadPlan,
  isRead: boolean,
  key: number,
): string {
  const kind = kindDraw() * MILLION;
  const luck = kindDraw();
  const name = `x${key}`;
  if (isRead) {
    const other = `x${Math.floor(luck * keys)}`;
    if (kind >= rangePpm) return `get ${name}`;
    return name < other ? `range ${name} ${other}` : `range ${other} ${name}`;
  }
  const value = `${client.id}.${client.seq + 1}`;
  if (kind < casPpm) return `cas ${name} ${client.known.get(name) ?? 'none'} ${value}`;
  if (kind >= casPpm + ttlPpm) return `put ${name} ${value}`;
  return `putttl ${name} ${1 + Math.floor(luck * luck * luck * LIFETIME_MS_MAX)} ${value}`;
}

/** Perhaps the same request comes again, much later; whoever answers that answers nobody. */
export function drawStray(
  draw: Stream,
  batch: readonly Operation[],
  timeoutUs: number,
): { readonly delayUs: number; readonly batch: readonly Operation[] } | null {
  const isDoubled = draw() * MILLION < STRAY_PPM;
  const luck = draw();
  if (!isDoubled) return null;
  const copies = batch
    .filter(({ command }) => command.session !== undefined)
    .map((operation) => ({ ...operation, id: `${operation.id}+`, isStray: true }));
  if (copies.length === 0) return null;
  return { delayUs: Math.floor(luck * luck * STRAY_TIMEOUTS_MAX * timeoutUs), batch: copies };
}

/** A client that swaps needs to know what to expect: it learns that from every answer. */
export function learn({ client, command: { op } }: Operation, answer: string | null): void {
  const [kind, key = '', ...rest] = op.split(' ');
  let value: string | null | undefined = answer;
  if (kind === 'put') value = rest[0];
  else if (kind === 'putttl' || (kind === 'cas' && answer === 'swapped')) value = rest[1];
  else if (kind === 'cas') value = answer?.startsWith('found ') ? answer.slice(6) : null;
  else if (kind !== 'get') return;
  if (value === undefined || value === null) client.known.delete(key);
  else client.known.set(key, value);
}
