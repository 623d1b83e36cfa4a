/**
 * What clients saw, where no order of it fits: the fewest operations that cannot be ordered, as a
 * picture, and in words why not.
 */
import type { NodeId } from '../../../core/messages.ts';
import { checkHistory } from '../../../invariants/linearizability/check-history.ts';
import type { Operation } from '../../../invariants/linearizability/history.ts';
import { wireId } from '../../adapters/program-words.ts';
import { isStep, type StepItem, type Trace, type TraceRecord } from '../../trace/format.ts';

export interface ToldOperation extends Operation {
  /** "c2". */
  readonly client: string;
  /** The server whose ok the client got; 0 for none. */
  readonly answeredBy: NodeId;
  /** The attempt that was answered so; empty for none. */
  readonly attempt: string;
}

/** More operations than this are too many for a picture. */
export const OPERATIONS_MAX = 8;
const STEPS_MAX = 200_000;

/** In the order of their calls; empty where some order fits, or there are too many. */
export function anomalyOf({ records }: Trace): readonly ToldOperation[] {
  const operations = operationsOf(records);
  const { anomaly } = checkHistory(operations, { initial: 'empty', stepsMax: STEPS_MAX });
  if (anomaly.length > OPERATIONS_MAX) return [];
  const names = new Set(anomaly.map(({ name }) => name));
  return operations.filter(({ name }) => names.has(name));
}

function operationsOf(records: readonly TraceRecord[]): ToldOperation[] {
  const told = new Map<string, ToldOperation>();
  for (const { item, node } of itemsOf(records)) {
    if (item.k === 'invoked') {
      const { clientId, seq, op, t } = item;
      const name = `c${clientId}.${seq}`;
      const open = { returnedUs: Number.POSITIVE_INFINITY, outcome: 'info', value: null } as const;
      const nobody = { answeredBy: 0, attempt: '' };
      told.set(name, { name, client: `c${clientId}`, op, invokedUs: t, ...open, ...nobody });
    } else if (item.k === 'returned') {
      const name = `c${item.clientId}.${item.seq}`;
      const { outcome, value, t } = item;
      const returnedUs = outcome === 'info' ? Number.POSITIVE_INFINITY : t;
      told.set(name, { ...told.get(name)!, outcome, value, returnedUs });
    } else if (item.k === 'responded' && item.outcome === 'ok') {
      const attempt = wireId(item.requestId);
      const name = attempt.replace(/\/.*/, '');
      const operation = told.get(name);
      if (operation !== undefined) told.set(name, { ...operation, answeredBy: node, attempt });
    }
  }
  return [...told.values()];
}

function* itemsOf(
  records: readonly TraceRecord[],
): Generator<{ readonly item: StepItem; readonly node: NodeId }> {
  for (const record of records) {
    if (!isStep(record)) yield { item: record, node: 0 };
    else for (const item of record.actions) yield { item, node: record.n };
  }
}

/** One sentence for each reason. */
export function conclusions(operations: readonly ToldOperation[]): readonly string[] {
  const told = operations.filter(isRead).flatMap((read) => {
    const why = whyNot(read, operations);
    return why === null ? [] : [why];
  });
  const open = operations.filter(({ outcome }) => outcome === 'info');
  const perhaps = open.map(
    (one) => `${words(one)} was never answered: whether it happened or not, that does not help.`,
  );
  if (told.length > 0) return [...told.slice(0, 2), ...perhaps.slice(0, 1)];
  return ['Each takes place somewhere between its two ends, and no order of them fits.'];
}

function whyNot(read: ToldOperation, all: readonly ToldOperation[]): string | null {
  const { value } = read;
  const source = value === null ? null : (all.find((one) => writes(one) === value) ?? null);
  if (value !== null && source === null) return `${words(read)}: nobody has written that.`;
  if (source !== null && source.invokedUs > read.returnedUs) {
    return `${words(read)}, before ${words(source)} was sent.`;
  }
  const older = value === null ? 'nothing' : 'the older value';
  const isNewer = (one: ToldOperation): boolean =>
    one !== source && writes(one) !== null && (source?.returnedUs ?? -1) < one.invokedUs;
  const newer = all.find((one) => isNewer(one) && one.returnedUs < read.invokedUs);
  if (newer !== undefined) {
    const us = read.invokedUs - newer.returnedUs;
    return (
      `${words(read)} must come before ${words(newer)}, for it found ${older}; but ` +
      `${words(newer)} was acknowledged ${ms(us)} ms before the get was sent.`
    );
  }
  const witness = all.find((one) => {
    const seen = isRead(one) ? all.find((other) => writes(other) === one.value) : undefined;
    return seen !== undefined && isNewer(seen) && one.returnedUs < read.invokedUs;
  });
  if (witness === undefined) return null;
  const us = read.invokedUs - witness.returnedUs;
  return (
    `${words(read)} must come before ${words(witness)}, for it found ${older}; but that one had ` +
    `ended ${ms(us)} ms before this one was sent.`
  );
}

function isRead({ op, outcome }: ToldOperation): boolean {
  return op.startsWith('get ') && outcome === 'ok';
}

/** The value that a put leaves; null for what writes nothing. */
function writes({ op }: ToldOperation): string | null {
  return /^put \S+ (.*)$/s.exec(op)?.[1] ?? null;
}

/** "c1's put 1.7", "c2's get = 1.2". */
function words(operation: ToldOperation): string {
  const { client, value } = operation;
  const found = isRead(operation) ? ` = ${value ?? 'nothing'}` : '';
  return `${client}'s ${label(operation)}${found}`;
}

/** Without the key, which is the same for all. */
export function label(operation: ToldOperation): string {
  const { op } = operation;
  const [verb, , ...rest] = op.split(' ');
  return [verb, ...rest].join(' ');
}

function ms(us: number): string {
  return us < 10_000 ? String(Math.round(us / 100) / 10) : String(Math.round(us / 1_000));
}
