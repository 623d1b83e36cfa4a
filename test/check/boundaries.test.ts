import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  cruise,
  type IConfiguration,
  type ICruiseOptions,
  type ICruiseResult,
} from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDERS = ['core', 'invariants', 'sim', 'sim/kernel', 'scenarios', 'cli', 'test', 'bench'];
const PACKAGES = ['chalk', 'seedrandom', 'zod'];

type Case = readonly [folder: string, statement: string, rule: string | null];

/** Each import statement stands alone in a file of the folder. Null: no rule is broken. */
const CASES: readonly Case[] = [
  ['core', `import { value } from './target.ts';`, null],
  ['core', `import { value } from '../sim/target.ts';`, 'core-imports-core'],
  ['core', `import type { Shape } from '../sim/target.ts';`, 'core-imports-core'],
  ['core', `import type { Shape } from '../invariants/target.ts';`, 'core-imports-core'],
  ['core', `import { value } from '../scenarios/target.ts';`, 'core-imports-core'],
  ['core', `import { readFileSync } from 'node:fs';`, 'core-imports-core'],
  ['core', `import seedrandom from 'seedrandom';`, 'core-imports-core'],
  ['core', `import { absent } from './absent.ts';`, 'no-unresolvable'],

  ['invariants', `import { value } from './target.ts';`, null],
  ['invariants', `import type { Shape } from '../core/target.ts';`, null],
  ['invariants', `import { value } from '../core/target.ts';`, 'invariants-run-no-core'],
  [
    'invariants',
    `import { type Shape, value } from '../core/target.ts';`,
    'invariants-run-no-core',
  ],
  ['invariants', `export { value } from '../core/target.ts';`, 'invariants-run-no-core'],
  ['invariants', `export * from '../core/target.ts';`, 'invariants-run-no-core'],
  [
    'invariants',
    `import type { Shape } from '../sim/target.ts';`,
    'invariants-import-invariants-and-core-types',
  ],
  [
    'invariants',
    `import { readFileSync } from 'node:fs';`,
    'invariants-import-invariants-and-core-types',
  ],
  ['invariants', `import { z } from 'zod';`, 'invariants-import-invariants-and-core-types'],

  ['sim', `import { value } from './target.ts';`, null],
  ['sim', `import { value } from './kernel/target.ts';`, null],
  ['sim', `import { value } from '../invariants/target.ts';`, null],
  ['sim', `import { readFileSync } from 'node:fs';`, null],
  ['sim', `import { z } from 'zod';`, null],
  ['sim', `import type { Shape } from '../core/target.ts';`, null],
  ['sim', `import { value } from '../core/target.ts';`, 'sim-runs-no-core'],
  [
    'sim',
    `import type { Shape } from '../core/target.ts';\nimport { value } from '../core/target.ts';`,
    'sim-runs-no-core',
  ],
  ['sim', `export const later = () => import('../core/target.ts');`, 'sim-runs-no-core'],
  [
    'sim',
    `import type { Shape } from '../scenarios/target.ts';`,
    'sim-imports-sim-invariants-and-core-types',
  ],
  ['sim', `import { value } from '../cli/target.ts';`, 'sim-imports-sim-invariants-and-core-types'],
  ['sim', `import chalk from 'chalk';`, 'colours-and-arguments-in-cli-only'],

  ['sim/kernel', `import { value } from './target.ts';`, null],
  ['sim/kernel', `import { value } from '../../invariants/target.ts';`, null],
  ['sim/kernel', `import seedrandom from 'seedrandom';`, null],
  ['sim/kernel', `import type { Shape } from '../../core/target.ts';`, null],
  ['sim/kernel', `import type { Shape } from '../target.ts';`, null],
  ['sim/kernel', `import { value } from '../target.ts';`, 'kernel-runs-no-outer-sim'],
  ['sim/kernel', `import { value } from '../../core/target.ts';`, 'sim-runs-no-core'],
  ['sim/kernel', `import { z } from 'zod';`, 'kernel-is-pure'],
  ['sim/kernel', `import { readFileSync } from 'node:fs';`, 'kernel-is-pure'],

  ['scenarios', `import { value } from '../core/target.ts';`, null],
  ['scenarios', `import { value } from '../invariants/target.ts';`, null],
  ['scenarios', `import { value } from '../sim/target.ts';`, null],
  ['scenarios', `import { value } from '../cli/target.ts';`, 'scenarios-import-no-cli'],
  ['scenarios', `import { value } from '../test/target.ts';`, 'scenarios-import-no-cli'],

  ['cli', `import { value } from '../core/target.ts';`, null],
  ['cli', `import { value } from '../scenarios/target.ts';`, null],
  ['cli', `import chalk from 'chalk';`, null],
  ['cli', `import { value } from '../test/target.ts';`, 'cli-imports-no-tests'],

  ['test', `import { value } from '../cli/target.ts';`, null],
  ['bench', `import { value } from '../core/target.ts';`, null],
];

const CYCLE = ['core/cycle-a.ts', 'core/cycle-b.ts'] as const;
const UNKNOWN_PACKAGE = 'sim/kernel/unknown-package.ts';

let root = '';
const broken = new Map<string, string[]>();

function write(path: string, text: string): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function caseFile(index: number): string {
  return `${CASES[index]![0]}/case-${index}.ts`;
}

function writeTree(): void {
  const versions = Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0']));
  write('package.json', JSON.stringify({ name: 'tree', type: 'module', dependencies: versions }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'NodeNext' } }));
  for (const name of PACKAGES) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  for (const folder of FOLDERS) {
    write(`${folder}/target.ts`, 'export const value = 1;\nexport type Shape = number;\n');
  }
  write(CYCLE[0], `import type { B } from './cycle-b.ts';\nexport type A = B;\n`);
  write(CYCLE[1], `import type { A } from './cycle-a.ts';\nexport type B = A;\n`);
  write(UNKNOWN_PACKAGE, `import leftPad from 'left-pad';\nexport const pad = leftPad;\n`);
  CASES.forEach(([, statement], index) => {
    write(caseFile(index), `${statement}\n`);
  });
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'whitewater-boundaries-'));
  writeTree();
  const config: IConfiguration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
  const { tsConfig: _ownTsConfig, ...options } = config.options as ICruiseOptions;
  const result = await cruise(['.'], {
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  for (const violation of (result.output as ICruiseResult).summary.violations) {
    const rules = broken.get(violation.from) ?? [];
    broken.set(violation.from, [...rules, violation.rule.name]);
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('import boundaries', () => {
  CASES.forEach(([folder, statement, rule], index) => {
    it(`${folder}: ${statement} ${rule === null ? 'is allowed' : `breaks ${rule}`}`, () => {
      const rules = broken.get(caseFile(index)) ?? [];
      if (rule === null) expect(rules).toEqual([]);
      else expect(rules).toContain(rule);
    });
  });

  it('forbids cycles, of types too', () => {
    // A cycle is reported once, at whichever of its files comes first.
    expect(CYCLE.flatMap((file) => broken.get(file) ?? [])).toContain('no-cycles');
  });

  it('forbids a package that is not installed', () => {
    expect(broken.get(UNKNOWN_PACKAGE)).toContain('no-unresolvable');
  });
});
