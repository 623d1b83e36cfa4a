/** Text of a plan file (JSON or YAML) as a value, with the line of everything in it. */
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { UsageError } from './usage-error.ts';

export interface PlanText {
  readonly value: unknown;
  /** "name:line:column" of the value at this path, or of the nearest place that exists. */
  positionOf(path: readonly (string | number)[]): string;
}

/**
 * Parses a plan file. A name that ends in .json means JSON; anything else may be YAML, of which
 * JSON is a part; an empty one is the plan that says nothing. Throws a UsageError that says what is
 * wrong at which line.
 */
export function parsePlanText(raw: string, name: string, what = 'a plan'): PlanText {
  // Some editors begin a file with a mark of its encoding.
  const text = raw.replace(/^\uFEFF/, '');
  const isJson = name.endsWith('.json');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (isJson) throw jsonError(text, name, what, error as SyntaxError);
    value = parseYaml(text, name, what);
  }
  return { value, positionOf: (path) => positionOrName(text, name, path) };
}

function parseYaml(text: string, name: string, what: string): unknown {
  const document = parseDocument(text);
  const error = document.errors[0] ?? document.warnings[0];
  if (error === undefined) return plainValue(document, name, what);
  const place = error.linePos?.[0];
  const where = place === undefined ? name : `${name}:${place.line}:${place.col}`;
  const reason = error.message.split(/ at line |:?\n/)[0]!.replace(/[.:]$/, '');
  throw new UsageError(
    `Expected ${what} in JSON or YAML, got something else (${where}): ${reason}.`,
  );
}

/** Aliases that grow without end are refused while they are followed. */
function plainValue(document: Document, name: string, what: string): unknown {
  try {
    return document.contents === null ? {} : document.toJS();
  } catch (error) {
    throw new UsageError(`Expected ${what}, got YAML that has no value (${name}): ${error}.`);
  }
}

/** What V8 says about bad JSON, with a line in place of an offset. */
function jsonError(text: string, name: string, what: string, error: SyntaxError): UsageError {
  const offset = /at position (\d+)/.exec(error.message)?.[1];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split('\n');
  const where = `${name}:${before.length}:${before.at(-1)!.length + 1}`;
  const reason = error.message.replace(/ (in JSON|at position|\(line).*$/s, '');
  return new UsageError(`Expected ${what} in JSON, got something else (${where}): ${reason}.`);
}

/** Text that JSON can read and YAML cannot (nested too deep, say) has no positions. */
function positionOrName(text: string, name: string, path: readonly (string | number)[]): string {
  try {
    return positionIn(text, name, path);
  } catch {
    return name;
  }
}

function positionIn(text: string, name: string, path: readonly (string | number)[]): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    node = isNode(node) && 'get' in node ? node.get(key, true) : undefined;
    offset = startOf(pair?.key) ?? startOf(node) ?? offset;
    if (node === undefined) break;
  }
  if (offset === undefined) return name;
  const { line, col } = lines.linePos(offset);
  return `${name}:${line}:${col}`;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
