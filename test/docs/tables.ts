/**
 * The tables of the documentation that are made from the registries of the program. In a page each
 * stands between two comments:
 *
 *     <!-- table: scenarios -->
 *     …
 *     <!-- end -->
 */
import { FAULTS } from '../../cli/faults.ts';
import { SITUATIONS } from '../../invariants/all-situations.ts';
import { PROGRAM_PROPERTIES } from '../../invariants/causal/program-properties.ts';
import { PROGRAM_SITUATIONS } from '../../invariants/causal/program-situations.ts';
import { RULES } from '../../invariants/conformance/rules.ts';
import { PROPERTIES } from '../../invariants/properties.ts';
import type { Property } from '../../invariants/property.ts';
import { SCENARIOS } from '../../scenarios/registry.ts';
import { GENERATOR_KNOBS } from '../../sim/generate/knobs.ts';
import { PROFILE_NAMES } from '../../sim/generate/profile-names.ts';
import { PROFILES } from '../../sim/generate/profiles.ts';
import { type JsonSchema, planJsonSchema } from '../../sim/plan-schema.ts';

type Row = readonly string[];

/** The text of every table, by the name that stands in its comment. */
export function tables(): Map<string, string> {
  const all = new Map<string, string>();
  all.set('scenarios', table(['scenario', 'section', 'claim'], scenarioRows()));
  all.set(
    'properties',
    table(['property', 'section', 'what must hold', 'judged by'], propertyRows(PROPERTIES)),
  );
  all.set(
    'program properties',
    table(['property', 'section', 'what must hold', 'judged by'], propertyRows(PROGRAM_PROPERTIES)),
  );
  all.set(
    'program situations',
    table(
      ['situation', 'what happened'],
      PROGRAM_SITUATIONS.map(({ id, sentence }) => [code(id), sentence]),
    ),
  );
  all.set('rules', table(['rule', 'section', 'what it demands'], ruleRows()));
  all.set('situations', table(['situation', 'what happened'], situationRows()));
  for (const [section, rows] of knobsBySection()) {
    all.set(`knobs: ${section}`, table(['knob', 'values', 'default', ''], rows));
  }
  all.set('fault actions', table(['`do`', 'what happens', 'knobs'], actionRows()));
  all.set('knobs: what', table(['knob', 'values', ''], actionKnobs()));
  all.set('fault triggers', table(['`on`', 'fires'], triggerRows()));
  all.set('chances', table(['chance', ''], chanceRows()));
  all.set('profiles', table(['profile', 'of 100 seeds', 'what it is about'], profileRows()));
  for (const [section, knobs] of Object.entries(GENERATOR_KNOBS)) {
    const rows = Object.entries(knobs).map(([knob, sentence]) => [code(knob), sentence]);
    all.set(`generator: ${section}`, table(['knob', 'what the generator does'], rows));
  }
  return all;
}

const TABLE = /<!-- table: (.+?) -->\n([\s\S]*?)<!-- end -->/g;

/** The names of the tables of a page, and the page with them as they should be. */
export function withTables(text: string): { readonly names: string[]; readonly text: string } {
  const known = tables();
  const names: string[] = [];
  const renewed = text.replaceAll(TABLE, (_, name: string) => {
    names.push(name);
    const rows = known.get(name) ?? 'There is no such table.';
    return `<!-- table: ${name} -->\n${rows}\n<!-- end -->`;
  });
  return { names, text: renewed };
}

function scenarioRows(): Row[] {
  return SCENARIOS.map(({ id, section, claim }) => [code(id), section, claim]);
}

function propertyRows(properties: readonly Property[]): Row[] {
  return properties.map(({ id, section, sentence, facts }) => {
    return [code(id), section, sentence, facts.join(', ')];
  });
}

function ruleRows(): Row[] {
  return RULES.map(({ id, section, sentence }) => [code(id), section, sentence]);
}

function situationRows(): Row[] {
  return SITUATIONS.map(({ id, sentence }) => [code(id), sentence]);
}

function profileRows(): Row[] {
  return PROFILE_NAMES.map((name) => {
    const { weight, sentence } = PROFILES[name];
    return [code(name), weight === 0 ? 'on request' : String(weight), sentence];
  });
}

/** The knobs of a plan file, as its schema tells them: those of the top level under `plan`. */
function knobsBySection(): Map<string, Row[]> {
  const sections = new Map<string, Row[]>([['plan', []]]);
  for (const [name, knob] of knobsOf(planJsonSchema())) {
    if (name === 'faults')
      sections.set(
        'when',
        distinct(choicesOf(faultPart('when')).flatMap((choice) => rowsOf(choice))),
      );
    else if (name === 'versions') sections.get('plan')!.push(...rowsOf(knob, 'versions.'));
    else if (knob.type === 'object') sections.set(name, rowsOf(knob));
    else if (isListOfObjects(knob)) sections.set(name, rowsOf(itemOf(knob)));
    else sections.get('plan')!.push(rowOf(name, knob));
  }
  return sections;
}

/** What a fault can do, and its knobs: those that have a default with it, the others are needed. */
function actionRows(): Row[] {
  const sentences = new Map(FAULTS.map(({ id, sentence }) => [id, sentence]));
  return choicesOf(faultPart('what')).map((choice) => {
    const name = nameOf(choice.properties);
    const knobs = rowsOf(choice).filter(([knob]) => knob !== '`do`');
    const words = knobs.map(([knob, , normal]) => {
      return normal === 'needed' ? `${knob}` : `${knob} = ${normal}`;
    });
    return [code(name), sentences.get(name)!, words.join(', ')];
  });
}

/** Of knobs that several actions have: what allows most, and all that they mean. */
function actionKnobs(): Row[] {
  const knobs = new Map<string, { values: string; meanings: Set<string> }>();
  for (const choice of choicesOf(faultPart('what'))) {
    for (const [knob, values, , meaning] of rowsOf(choice).slice(1)) {
      const known = knobs.get(knob!) ?? { values: '', meanings: new Set() };
      if (values!.length > known.values.length) known.values = values!;
      if (meaning !== '') known.meanings.add(meaning!);
      knobs.set(knob!, known);
    }
  }
  return [...knobs].map(([knob, { values, meanings }]) => [knob, values, [...meanings].join(' ')]);
}

/** Faults that are no action: shares of messages, requests and writes. */
function chanceRows(): Row[] {
  const actions = new Set(choicesOf(faultPart('what')).map(({ properties }) => nameOf(properties)));
  return listed('model').filter(([id]) => !actions.has(id!.replaceAll('`', '')));
}

function triggerRows(): Row[] {
  return listed('trigger').map(([on, sentence]) => [
    on!,
    sentence!.replace(/^Fires (.)(.*)\.$/, '$1$2'),
  ]);
}

function listed(faultClass: string): Row[] {
  return FAULTS.filter((fault) => fault.faultClass === faultClass).map(({ id, sentence }) => {
    return [code(id), sentence];
  });
}

function nameOf(properties: JsonSchema['properties']): string {
  return String((properties!['do'] as JsonSchema).const);
}

function faultPart(name: 'when' | 'what'): JsonSchema {
  const faults = planJsonSchema().properties!['faults'] as JsonSchema;
  return itemOf(faults).properties![name] as JsonSchema;
}

function choicesOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] {
  return (anyOf ?? oneOf ?? []) as readonly JsonSchema[];
}

function knobsOf({ properties = {} }: JsonSchema): [string, JsonSchema][] {
  return Object.entries(properties) as [string, JsonSchema][];
}

function itemOf({ items }: JsonSchema): JsonSchema {
  return items as JsonSchema;
}

function isListOfObjects(knob: JsonSchema): boolean {
  return knob.type === 'array' && itemOf(knob).type === 'object';
}

/** One row for each knob, those of objects and lists within it included. */
function rowsOf(schema: JsonSchema, prefix = ''): Row[] {
  return knobsOf(schema).flatMap(([name, knob]) => {
    const path = `${prefix}${name}`;
    if (knob.type === 'object') return rowsOf(knob, `${path}.`);
    if (!isListOfObjects(knob)) return [rowOf(path, knob)];
    return [rowOf(path, knob), ...rowsOf(itemOf(knob), `${path}[].`)];
  });
}

function distinct(rows: readonly Row[]): Row[] {
  return rows.filter((row, place) => rows.findIndex(([name]) => name === row[0]) === place);
}

function rowOf(path: string, knob: JsonSchema): Row {
  const normal = knob.default === undefined ? 'needed' : code(JSON.stringify(knob.default));
  return [code(path), valuesOf(knob), normal, knob.description ?? ''];
}

function valuesOf(knob: JsonSchema): string {
  if (knob.const !== undefined) return code(String(knob.const));
  if (knob.enum !== undefined) return knob.enum.map((value) => code(String(value))).join(', ');
  if (knob.oneOf !== undefined) return 'one of those below';
  if (knob.anyOf !== undefined) {
    return choicesOf(knob).map(valuesOf).join(' or ');
  }
  switch (knob.type) {
    case 'integer':
      return `${grouped(knob.minimum!)} to ${grouped(knob.maximum!)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'null':
      return '`null`';
    case 'array':
      return 'a list';
    default:
      return 'a text';
  }
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(heads: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
