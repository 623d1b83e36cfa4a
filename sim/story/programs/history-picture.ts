/** Operations of clients as bars under a scale of time. */
import { serverName } from '../../adapters/program-words.ts';
import { plainText } from '../../grading/plain-text.ts';
import { label, type ToldOperation } from './told-history.ts';

const COLUMNS = 42;
const NAME_COLUMNS = 22;
const TICKS_MAX = 5;

/** The operation that ends last is the one without which all is fine. */
export function historyPicture(operations: readonly ToldOperation[]): readonly string[] {
  const ended = operations.filter(({ returnedUs }) => returnedUs !== Number.POSITIVE_INFINITY);
  const fromUs = Math.min(...operations.map(({ invokedUs }) => invokedUs));
  const untilUs = Math.max(...ended.map(({ returnedUs }) => returnedUs), fromUs + 1_000);
  const columnOf = (us: number): number =>
    Math.min(COLUMNS - 1, Math.floor(((us - fromUs) * (COLUMNS - 1)) / (untilUs - fromUs)));
  const last = ended.reduce<ToldOperation | null>(
    (latest, one) => (latest === null || one.returnedUs > latest.returnedUs ? one : latest),
    null,
  );
  const rows = operations.map((operation) => {
    const { client, invokedUs, returnedUs } = operation;
    const isOpen = returnedUs === Number.POSITIVE_INFINITY;
    const bar = barOf(columnOf(invokedUs), isOpen ? COLUMNS - 1 : columnOf(returnedUs), isOpen);
    const name = `${client.padEnd(5)} ${plainText(label(operation))}`.slice(0, NAME_COLUMNS - 1);
    const mark = operation === last ? '✗' : ' ';
    const row = `${name.padEnd(NAME_COLUMNS)}${bar.padEnd(COLUMNS)} ${resultOf(operation)}`;
    return `${mark} ${row}`;
  });
  return [`  ${''.padEnd(NAME_COLUMNS)}${scale(fromUs, untilUs, columnOf)}`, ...rows];
}

function barOf(from: number, until: number, isOpen: boolean): string {
  const length = until - from + 1;
  const indent = ' '.repeat(from);
  if (isOpen) return `${indent}├${'─'.repeat(Math.max(0, length - 2))}▶`;
  if (length === 1) return `${indent}│`;
  return `${indent}├${'─'.repeat(length - 2)}┤`;
}

function resultOf(operation: ToldOperation): string {
  const { outcome, op, value, answeredBy } = operation;
  if (outcome === 'info') return 'no answer: perhaps';
  const by = answeredBy === 0 ? '' : `, by ${serverName(answeredBy)}`;
  if (!op.startsWith('get ')) return `${outcome}${by}`;
  return `${value === null ? 'nothing' : plainText(value)}${by}`;
}

/** "1,600     1,700 ms": round times, where they stand. */
function scale(fromUs: number, untilUs: number, columnOf: (us: number) => number): string {
  const spanMs = (untilUs - fromUs) / 1_000;
  let everyMs = 1;
  for (let i = 0; spanMs / everyMs > TICKS_MAX; i += 1) everyMs *= i % 3 === 1 ? 2.5 : 2;
  let text = '';
  for (
    let at = Math.ceil(fromUs / 1_000 / everyMs) * everyMs;
    at * 1_000 <= untilUs;
    at += everyMs
  ) {
    const column = columnOf(at * 1_000);
    if (column < text.length + (text === '' ? 0 : 1)) continue;
    text = `${text.padEnd(column)}${at.toLocaleString('en')}`;
  }
  return `${text} ms`;
}
