/**
 * `npm run bench:graded [-- OPTIONS]`: grades every mutant as a submission with opaque bodies, by the
 * suite `full`, and writes the tables of docs/graded-mutants.md. First the test that a mutant is known
 * to lose, with all its runs; then all others.
 *
 *     --only ID,ID    these mutants, on the screen: no file is written
 *     --runs N        runs of each of the other tests (1)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS } from '../scenarios/mutants/catalogue.ts';
import { packageRoot } from '../scenarios/mutants/core-sources.ts';
import { LIKELIEST_TEST } from '../scenarios/mutants/graded-likeliest.ts';
import { type GradedMutant, gradeMutant } from '../scenarios/mutants/graded-mutant.ts';
import type { Mutant } from '../scenarios/mutants/mutant.ts';
import { findSuite } from '../scenarios/suites/registry.ts';
import { tuneEngine } from '../sim/tune-engine.ts';
import { gradedTables } from './graded-tables.ts';

const FILE = 'docs/graded-mutants.md';
const TABLES = /<!-- measured -->\n[\s\S]*<!-- end -->/;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, runs: { type: 'string', default: '1' } },
  });
  tuneEngine();
  const only = values.only === '' ? [] : values.only.split(',');
  const mutants = MUTANTS.filter(
    ({ id, legal }) => legal === undefined && (only.length === 0 || only.includes(id)),
  );
  const graded: GradedMutant[] = [];
  for (const mutant of mutants) {
    graded.push(await grade(mutant, Number(values.runs)));
    process.stderr.write(`${graded.length} of ${mutants.length} mutants\n`);
  }
  const tables = gradedTables(graded);
  if (only.length > 0) {
    console.log(tables);
    return;
  }
  const path = join(packageRoot(), FILE);
  const page = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    page.replace(TABLES, () => `<!-- measured -->\n${tables}\n<!-- end -->`),
  );
}

function grade(mutant: Mutant, runs: number): Promise<GradedMutant> {
  const { tests } = findSuite('full')!;
  const likeliest = LIKELIEST_TEST[mutant.id];
  return gradeMutant(mutant, [
    { tests: tests.filter(({ id }) => id === likeliest), runs: 20 },
    { tests: tests.filter(({ id }) => id !== likeliest), runs },
  ]);
}

await main();
