import { describe, expect, it } from 'vitest';
import { REPORTERS } from '../../../cli/reporters/reporters.ts';
import { findSuite } from '../../../scenarios/suites/registry.ts';
import { plainText } from '../../../sim/grading/plain-text.ts';
import { type HintLevel, reasonOf, reasonText } from '../../../sim/grading/reason.ts';
import { type Report, reportSchema } from '../../../sim/grading/report.ts';
import type { TestGrade } from '../../../sim/grading/test-grade.ts';

const ESC = String.fromCharCode(27);
/** What a submission might log, note or throw. */
const HOSTILE = `${ESC}[2J${ESC}[31m<script>alert(1)</script> ]]> \`\`\`\` | # a\n::set-output name=x::1\n##[error]y\r\n::add-mask::z \u202egpj \u0000 ${'x'.repeat(70)} ::debug::at a wrapped line ${'y'.repeat(98)}::error::in a broken word end`;

const test = findSuite('labs')!.tests[0]!;

function failed(): TestGrade {
  const failure = { kind: 'CRASH', message: HOSTILE, node: 2, event: 57, log: [HOSTILE] } as const;
  const run = {
    i: 0,
    why: { kind: 'failed', failure },
    fingerprint: 'CRASH',
    events: 57,
    digest: 'ab',
    reached: [],
  } as const;
  const counts = { points: 0, maxPoints: 2, runs: [run], held: 0, missing: [], unreached: [] };
  return { id: test.id, status: 'failed', ...counts, failures: [['CRASH', 1]] };
}

function linesAt(level: HintLevel): readonly string[] {
  return reasonText(reasonOf(test, failed(), 'A1-0000', null), level);
}

function report(level: HintLevel): Report {
  const sha256 = '0'.repeat(64);
  return reportSchema.parse({
    format: 'whitewater/report',
    version: 1,
    verdict: 'failed',
    error: null,
    submission: { name: plainText(HOSTILE), program: plainText(HOSTILE), sha256 },
    suite: { name: 'labs', version: 1 },
    only: null,
    assignment: 'labs',
    rubric: { sha256, threshold: 60 },
    secret: null,
    versions: {
      whitewater: '0',
      node: 'v20',
      schema: 3,
      generator: 3,
      engine: 3,
      tools: { go: '1.26.8' },
    },
    isolation: 'process',
    determinism: 'replayable',
    capabilities: {},
    score: { points: 0, maxPoints: 2, percent: 0, passed: 0, tests: 1 },
    tests: [
      {
        id: test.id,
        title: test.title,
        sentence: test.sentence,
        section: test.section,
        status: 'failed',
        points: 0,
        maxPoints: 2,
        visibility: 'visible',
        runs: 1,
        held: 0,
        digest: sha256,
        failures: [{ fingerprint: 'CRASH', runs: 1, case: 'A1-0000' }],
        missing: [],
        unreached: [],
        hint: level,
        reason: [...linesAt(level)],
      },
    ],
  });
}

describe('text of a submission in a report', () => {
  it.each(Object.keys(REPORTERS))('moves no cursor and begins no command (%s)', (name) => {
    const text = REPORTERS[name]!(report(4));
    expect(text).not.toContain(ESC);
    expect(text).not.toContain('\u0000');
    expect(text).not.toContain('\u202e');
    for (const line of text.split('\n')) {
      expect(line).not.toMatch(/^\s*::(set-output|add-mask|debug|error::in)/);
      expect(line).not.toMatch(/##\[/);
    }
  });

  it('ends no CDATA and no element of JUnit', () => {
    const text = REPORTERS['junit']!(report(4));
    expect(text).not.toContain('<script>');
    expect(text).not.toContain(']]>');
    expect(text).toContain('&lt;script&gt;');
  });

  it('is no HTML in Markdown outside of fences, and ends none of them', () => {
    const lines = REPORTERS['markdown']!(report(4)).split('\n');
    const fences = lines.filter((line) => /^`{3,}/.test(line));
    expect(fences).toHaveLength(2);
    expect(fences[1]!.length).toBeGreaterThan(4);
    const inside = lines.slice(lines.indexOf(fences[0]!), lines.lastIndexOf(fences[1]!));
    for (const line of lines) if (!inside.includes(line)) expect(line).not.toContain('<script>');
  });

  it('keeps the lines of a screen to a hundred columns and 24 rows', () => {
    const lines = linesAt(4);
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(lines.some((line) => line.startsWith('n2│ '))).toBe(true);
  });
});

describe('a reason at a level', () => {
  it('tells what broke at 0, who at 1, the rule at 2, and where to look at 4', () => {
    expect(linesAt(0).join('\n')).toContain('CRASH');
    expect(linesAt(0).join('\n')).not.toContain('event 57');
    expect(linesAt(1).join('\n')).toContain('event 57');
    expect(linesAt(1).join('\n')).not.toContain('Rule');
    expect(linesAt(2).join('\n')).toContain('Rule: §5.2');
    expect(linesAt(3).join('\n')).not.toContain('Look at');
    expect(linesAt(4).join('\n')).toContain('Look at');
  });

  it.each(Object.keys(REPORTERS))('is cut in the same way by %s', (name) => {
    expect(REPORTERS[name]!(report(0))).not.toContain('event 57');
    expect(REPORTERS[name]!(report(1))).toContain('event 57');
  });
});
