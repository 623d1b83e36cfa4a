/** `whitewater list`: what there is, by name. */

import { SITUATIONS } from '../../invariants/all-situations.ts';
import { PROGRAM_PROPERTIES } from '../../invariants/causal/program-properties.ts';
import { PROGRAM_SITUATIONS } from '../../invariants/causal/program-situations.ts';
import { PROPERTIES } from '../../invariants/properties.ts';
import type { Property } from '../../invariants/property.ts';
import { DIRECTED } from '../../scenarios/directed/registry.ts';
import { MUTANTS } from '../../scenarios/mutants/catalogue.ts';
import { SCENARIOS } from '../../scenarios/registry.ts';
import { SUITES } from '../../scenarios/suites/registry.ts';
import { PROFILE_NAMES } from '../../sim/generate/profile-names.ts';
import { PROFILES } from '../../sim/generate/profiles.ts';
import type { GradedTest } from '../../sim/grading/suite.ts';
import { ExitCode } from '../exit-code.ts';
import { FAULTS } from '../faults.ts';
import type { Arguments } from '../options.ts';
import { nameOf, textOf } from '../parse.ts';
import { columns } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Listing {
  /** What --json prints, one value for each item. */
  readonly values: readonly { readonly id: string }[];
  readonly rows: readonly (readonly string[])[];
}

const EVERY_PROPERTY: readonly Property[] = [
  ...PROPERTIES,
  ...PROGRAM_PROPERTIES.filter((property) => !PROPERTIES.includes(property)),
];

const LISTINGS: Readonly<Record<string, () => Listing>> = {
  scenarios: () => ({
    values: SCENARIOS.map(({ id, title, milestone, section, claim }) => {
      return { id, title, milestone, section, claim };
    }),
    rows: SCENARIOS.map(({ id, milestone, claim }) => [id, String(milestone), claim]),
  }),
  invariants: () => ({
    values: EVERY_PROPERTY.map((property) => ({ ...property, judges: judgesOf(property) })),
    rows: EVERY_PROPERTY.map((property) => {
      const { id, section, sentence } = property;
      return [id, judgesOf(property).join(', '), section, sentence];
    }),
  }),
  mutants: () => ({
    values: MUTANTS.map(({ edits: _, ...mutant }) => {
      return { ...mutant, directed: directedOf(mutant.id) };
    }),
    rows: MUTANTS.map(({ id, section, title }) => [id, section, title]),
  }),
  faults: () => ({
    values: FAULTS,
    rows: FAULTS.map(({ id, faultClass, sentence }) => [id, faultClass, sentence]),
  }),
  profiles: () => ({
    values: PROFILE_NAMES.map((id) => {
      return { id, weight: PROFILES[id].weight, sentence: PROFILES[id].sentence };
    }),
    rows: PROFILE_NAMES.map((id) => [id, String(PROFILES[id].weight), PROFILES[id].sentence]),
  }),
  situations: () => ({
    values: SITUATIONS,
    rows: SITUATIONS.map(({ id, sentence }) => [id, sentence]),
  }),
  suites: () => ({
    values: SUITES.map(({ name, version, title, denominator, tests }) => {
      return { id: name, version, title, denominator, tests: tests.map(listed) };
    }),
    rows: SUITES.map(({ name, version, title, tests }) => [
      `${name}@${version}`,
      `${tests.length} tests`,
      title,
    ]),
  }),
  'program-situations': () => ({
    values: PROGRAM_SITUATIONS,
    rows: PROGRAM_SITUATIONS.map(({ id, sentence }) => [id, sentence]),
  }),
};

/** Whose runs it is judged in: of the paper's messages, of opaque programs. */
function judgesOf(property: Property): string[] {
  const paper = PROPERTIES.includes(property) ? ['paper'] : [];
  return PROGRAM_PROPERTIES.includes(property) ? [...paper, 'programs'] : paper;
}

function listed({ id, title, sentence, section, covers, needs, points, runs }: GradedTest) {
  return { id, title, sentence, section, covers, needs, points, runs };
}

/** Names of the schedules that were made for a mutant: `run` takes them. */
function directedOf(mutant: string): string[] {
  return DIRECTED.filter((directed) => directed.mutant === mutant).map(({ id }) => id);
}

export async function listCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const kinds = Object.keys(LISTINGS);
  const kind = nameOf(`one of ${kinds.join(', ')}`, textOf('what to list', args.target)!, kinds);
  const { values, rows } = LISTINGS[kind]!();
  const [bold, dim] = [terminal.colours.bold, terminal.colours.dim];
  terminal.print(
    columns(
      rows.map((row) => {
        const [id, ...rest] = row;
        return [bold(id!), ...rest.map((cell, i) => (i === rest.length - 1 ? cell : dim(cell)))];
      }),
    ),
  );
  terminal.printJson(values);
  return ExitCode.ok;
}
