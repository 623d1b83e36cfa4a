import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { completePlan } from '../../sim/load-plan.ts';
import { checkTrace } from '../../sim/trace/check.ts';
import { createTraceFile } from '../../sim/trace/file.ts';
import { parseTrace, readTrace } from '../../sim/trace/reader.ts';
import { UsageError } from '../../sim/usage-error.ts';
import { textOf, traced } from './traced.ts';

const { lines, text, trace } = traced(completePlan({ phases: { chaosUs: 600_000 } }));
const folder = mkdtempSync(join(tmpdir(), 'whitewater-trace-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** The sentence that a reader of this text gets. */
function sentenceOf(bad: string): string {
  try {
    parseTrace(bad);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  return 'no error';
}

/** The text of the trace with line `number`, from 1, replaced. */
function withLine(number: number, change: (line: string) => string): string {
  const changed = change(lines[number - 1]!);
  expect(changed).not.toBe(lines[number - 1]);
  return textOf(lines.with(number - 1, changed));
}

/** The number of the first line that holds this text. */
function lineWith(part: string): number {
  return lines.findIndex((line) => line.includes(part)) + 1;
}

describe('a trace file', () => {
  it.each(['run.ndjson', 'run.ndjson.gz'])('%s reads as it was written', (name) => {
    const path = join(folder, name);
    const file = createTraceFile(path);
    for (const line of lines) file.write(line);
    file.close();
    const bytes = readFileSync(path);
    const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    expect(plain.toString('utf8')).toBe(text);
    expect(readTrace(path)).toEqual(trace);
  });

  it('may be larger than one piece', () => {
    const path = join(folder, 'large.gz');
    const file = createTraceFile(path);
    const padding = 'x'.repeat(300_000);
    for (let i = 0; i < 12; i += 1) file.write(`${i}${padding}`);
    file.close();
    const read = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
    expect(read.map((line) => line.length)).toEqual([
      ...Array(10).fill(300_001),
      300_002,
      300_002,
      0,
    ]);
  });

  it('that is compressed and cut is told so', () => {
    const path = join(folder, 'cut.ndjson.gz');
    const file = createTraceFile(path);
    for (const line of lines) file.write(line);
    file.close();
    writeFileSync(path, readFileSync(path).subarray(0, 900));
    expect(() => readTrace(path)).toThrow(`${path} is cut off or damaged: it does not decompress.`);
  });

  it('that is not there, or cannot be written, is told so', () => {
    const missing = join(folder, 'none', 'run.ndjson');
    const reason = 'there is no such file or folder.';
    expect(() => readTrace(missing)).toThrow(
      new UsageError(`Cannot read the trace ${missing}: ${reason}`),
    );
    expect(() => createTraceFile(missing)).toThrow(`Cannot write the trace ${missing}: ${reason}`);
    expect(() => readTrace(folder)).toThrow(`Cannot read the trace ${folder}: it is a folder.`);
  });
});

describe('what is not a trace', () => {
  const expected =
    'This is not a trace: expected a first line with the format "whitewater/trace", got';

  it.each([
    ['nothing', '', 'nothing.'],
    ['a plan', '{"seed":"1"}\n', '"{\\"seed\\":\\"1\\"}".'],
    ['prose', 'Once upon a time\n', '"Once upon a time".'],
    ['another format', '{"format":"other/log"}\n', '"other/log".'],
  ])('is told so: %s', (_name, bad, got) => {
    expect(sentenceOf(bad)).toBe(`${expected} ${got}`);
  });
});

describe('a trace of another version', () => {
  it.each(['schema', 'engine'])('names both: %s', (name) => {
    const bad = withLine(1, (line) => line.replace(`"${name}":3`, `"${name}":1`));
    expect(sentenceOf(bad)).toBe(`This trace is of ${name} 1, this bench speaks 3.`);
  });

  it('may be of another generator: the plan is in the trace', () => {
    const other = withLine(1, (line) => line.replaceAll('"generator":3', '"generator":1'));
    expect(sentenceOf(other)).toBe('no error');
  });

  it('is told before anything else that another version may have changed', () => {
    const bad = '{"format":"whitewater/trace","versions":{"schema":9,"engine":9}}\nnew things\n';
    expect(sentenceOf(bad)).toBe('This trace is of schema 9, this bench speaks 3.');
  });
});

describe('a trace that was cut', () => {
  const missing = 'the last line, with the verdict, is missing.';

  it('between lines', () => {
    expect(sentenceOf(textOf(lines.slice(0, 40)))).toBe(
      `The trace is cut off after line 40: ${missing}`,
    );
    expect(sentenceOf(textOf(lines.slice(0, 1)))).toBe(
      `The trace is cut off after line 1: ${missing}`,
    );
  });

  it('within a line', () => {
    const cut = textOf(lines.slice(0, 40)) + lines[40]!.slice(0, 25);
    expect(sentenceOf(cut)).toBe(`The trace is cut off after line 40: ${missing}`);
  });

  it('in the middle', () => {
    const place = lineWith('"i":5,');
    const bad = textOf(lines.toSpliced(place - 1, 1));
    const line = lineWith('"i":6,') - 1;
    expect(sentenceOf(bad)).toBe(`Line ${line} of the trace is step 6 where step 5 belongs.`);
  });

  it('of a line that is no step is found when it is judged', () => {
    const without = (part: string) => parseTrace(textOf(lines.toSpliced(lineWith(part) - 1, 1)));
    const edited = 'This trace was edited (or cut)';
    expect(without('"k":"inspected"').isIntact).toBe(false);
    expect(() => checkTrace(without('"k":"inspected"'))).toThrow(`${edited}: digest`);
    expect(() => checkTrace(without('"k":"invoked"'))).toThrow(`${edited} and contradicts itself`);
  });

  it('and has lines behind its end', () => {
    const bad = textOf([...lines, lines[3]!]);
    expect(sentenceOf(bad)).toBe(`Line ${lines.length + 1} of the trace stands behind its end.`);
  });
});

describe('a line that is wrong', () => {
  it('is not JSON', () => {
    expect(sentenceOf(withLine(7, (line) => line.slice(1)))).toBe(
      'Line 7 of the trace is not JSON.',
    );
  });

  it('has an unknown fact', () => {
    const line = lineWith('"k":"invoked"');
    const bad = withLine(line, (good) => good.replace('"k":"invoked"', '"k":"invokd"'));
    expect(sentenceOf(bad)).toBe(
      `Expected the name of a fact, got "invokd" (line ${line}, k). Did you mean "invoked"?`,
    );
  });

  it('has an unknown action', () => {
    const line = lineWith('"k":"sent"');
    const bad = withLine(line, (good) => good.replace('"k":"sent"', '"k":"beamed"'));
    expect(sentenceOf(bad)).toMatch(
      new RegExp(
        `^Expected the name of a fact, got "beamed" \\(line ${line}, actions\\[\\d+\\], k\\)\\.`,
      ),
    );
  });

  it('has no fact', () => {
    const line = lineWith('"k":"fired"');
    const bad = withLine(line, (good) => good.replace('"k":"fired",', ''));
    expect(sentenceOf(bad)).toBe(`Expected the name of a fact, got nothing (line ${line}, k).`);
  });

  it('misses a field', () => {
    const line = lineWith('"k":"fired"');
    const bad = withLine(line, (good) => good.replace(/"timer":"\w+",/, ''));
    expect(sentenceOf(bad)).toBe(`Expected a text, got nothing (line ${line}, timer).`);
  });

  it('has a field too many', () => {
    const line = lineWith('"k":"fired"');
    const bad = withLine(line, (good) => good.replace('"timer":', '"tier":1,"timer":'));
    expect(sentenceOf(bad)).toMatch(
      new RegExp(
        `^Expected no field but .*, got "tier" \\(line ${line}\\)\\. Did you mean "timer"\\?$`,
      ),
    );
  });

  it('has a value of another kind', () => {
    const line = lineWith('"k":"delivered"');
    expect(sentenceOf(withLine(line, (good) => good.replace(/"n":\d/, '"n":9')))).toBe(
      `Expected a server from 1 to 7, got 9 (line ${line}, n).`,
    );
    expect(sentenceOf(withLine(line, (good) => good.replace(/"from":\d/, '"from":0.5')))).toBe(
      `Expected a server from 1 to 7, got 0.5 (line ${line}, from).`,
    );
    expect(sentenceOf(withLine(line, (good) => good.replace(/"term":\d/, '"term":"x"')))).toMatch(
      /^Expected an? \w+ in which term is a number, got a group of keys \(line \d+, body\)\.$/,
    );
  });

  it('goes back in time', () => {
    const line = lineWith('"i":20,');
    const bad = withLine(line, (good) => good.replace(/"t":\d+/, '"t":1'));
    expect(sentenceOf(bad)).toBe(`Line ${line} of the trace goes back in time.`);
  });

  it('has a plan that cannot be', () => {
    const bad = withLine(1, (good) => good.replace('"size":3', '"size":30'));
    expect(sentenceOf(bad)).toMatch(
      /^Line 1 of the trace, plan: Expected .*, got 30 \(cluster\.size\)\.$/,
    );
  });

  it('has an end that cannot be', () => {
    const bad = withLine(lines.length, (good) =>
      good.replace('"verdict":"pass"', '"verdict":"won"'),
    );
    expect(sentenceOf(bad)).toMatch(new RegExp(`^Line ${lines.length} of the trace, verdict: `));
  });

  it('lets the bodies of foreign implementations pass', () => {
    const line = lineWith('"k":"delivered"');
    const foreign = withLine(line, (good) =>
      good.replace(/"body":\{.*?\}/, '"body":{"kind":"gossip","rumours":[1,2]}'),
    );
    expect(sentenceOf(foreign)).toBe('no error');
  });
});
