/** The table of docs/conformance.md that is measured. UPDATE_DOCS=1 writes it anew. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { MUTANTS } from '../../scenarios/mutants/catalogue.ts';
import { isKillable } from '../../scenarios/mutants/mutant.ts';
import { examineAll } from '../../scenarios/mutants/zoo.ts';
import { ZOO_HERE } from '../../scenarios/mutants/zoo-here.ts';
import { REPOSITORY, read } from './documents.ts';

const PAGE = 'docs/conformance.md';
const MEASURED = /<!-- measured: directed -->\n[\s\S]*?<!-- end -->/;

it('shows what the rules name in the directed runs', { timeout: 120_000 }, async () => {
  const mutants = MUTANTS.filter(isKillable);
  const options = { mutants, directed: DIRECTED, seeds: 0, fromSeed: '1', jobs: 1 };
  const report = await examineAll(options, ZOO_HERE);
  const rows = report.mutants.map(({ id, firstWrong, by }) => {
    const property = by[0] === undefined ? '' : `\`${by[0].property}\``;
    if (firstWrong === null) return `| \`${id}\` | none | | | ${property} |`;
    const { rule, step, ahead } = firstWrong;
    return `| \`${id}\` | \`${rule}\` | ${step} | ${ahead ?? ''} | ${property} |`;
  });
  const heads = '| mutant | first rule | event | ahead | first property |\n|---|---|---|---|---|';
  const text = [`<!-- measured: directed -->\n${heads}`, ...rows, '<!-- end -->'].join('\n');
  const before = read(PAGE);
  expect(before).toMatch(MEASURED);
  const renewed = before.replace(MEASURED, text);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(REPOSITORY, PAGE), renewed);
  else expect(before).toBe(renewed);
});
