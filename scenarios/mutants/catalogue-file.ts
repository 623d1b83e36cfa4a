/** The door for mutants from outside: the text of a file in, a list of mutants that fit the core out. */
import { z } from 'zod';
import { PROPERTIES } from '../../invariants/properties.ts';
import { explain } from '../../sim/explain-issue.ts';
import { type PlanText, parsePlanText } from '../../sim/plan-text.ts';
import { nearestName, UsageError, unexpected } from '../../sim/usage-error.ts';
import { applyEdits, EditError } from './apply.ts';
import type { CoreSources } from './core-sources.ts';
import type { Mutant } from './mutant.ts';

type Path = readonly (string | number)[];

const MUTANTS_MAX = 10_000;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const DECLARED_LEGAL = 'Its author says that nothing is wrong with it.';

const line = z.string().max(10_000);
const lines = z.union([line, z.array(line).max(100)]);

const mutantSchema = z.strictObject({
  id: line.min(1).describe('Kebab-case.'),
  title: line.optional(),
  needs: lines.optional(),
  edits: z
    .array(z.strictObject({ file: line.min(1), find: line.min(1), replace: line }))
    .min(1)
    .max(100),
  breaks: z.array(line).max(100).default([]).describe('Ids of properties.'),
  section: line.default(''),
  source: lines.default([]),
  legal: z.union([z.boolean(), line]).optional().describe('Why it is not a bug.'),
  survivor: line.min(1).optional().describe('Why it changes nothing.'),
});

const listSchema = z.array(mutantSchema).min(1).max(MUTANTS_MAX);
const groupSchema = z.strictObject({ mutants: listSchema });

/**
 * Mutants from the text of a file, JSON or YAML: a list, or a group with the key `mutants`. `name`
 * is the file's name. Throws a UsageError: what was expected, what came, and where.
 */
export function loadMutants(text: string, name: string, sources: CoreSources): readonly Mutant[] {
  const file = parse(text, name);
  const isList = Array.isArray(file.value);
  const schema = isList ? listSchema : groupSchema;
  const parsed = schema.safeParse(file.value);
  if (!parsed.success) {
    const jsonSchema = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
    const { path, ...words } = explain(parsed.error.issues, file.value, jsonSchema);
    throw unexpected({ ...words, where: whereOf(path, file) });
  }
  const listed = Array.isArray(parsed.data) ? parsed.data : parsed.data.mutants;
  const mutants = listed.map(complete);
  const at = (path: Path): string => whereOf(isList ? path : ['mutants', ...path], file);
  for (const [place, mutant] of mutants.entries()) {
    checkId(mutants, place, at);
    checkBreaks(mutant, place, at);
    checkEdits(mutant, place, sources, at);
  }
  return mutants;
}

/** The parser's words are about plans. */
function parse(text: string, name: string): PlanText {
  try {
    return parsePlanText(text, name);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message.replace(/^Expected a plan/, 'Expected a list of mutants'));
  }
}

function complete(given: z.output<typeof mutantSchema>): Mutant {
  const { id, title, needs, edits, breaks, section, source, legal, survivor } = given;
  const reason = legal === true ? DECLARED_LEGAL : legal;
  return {
    id,
    title: title ?? id,
    needs: [needs ?? []].flat().join(', '),
    edits,
    breaks,
    section,
    source: [source].flat(),
    ...(typeof reason === 'string' && { legal: reason }),
    ...(survivor !== undefined && { survivor }),
  };
}

function checkId(mutants: readonly Mutant[], place: number, at: (path: Path) => string): void {
  const { id } = mutants[place]!;
  const isTaken = mutants.findIndex((other) => other.id === id) < place;
  if (KEBAB_CASE.test(id) && !isTaken) return;
  throw unexpected({
    expected: isTaken ? 'an id of its own' : 'an id in kebab-case, as log-check-missing',
    got: isTaken ? `${JSON.stringify(id)} once more` : JSON.stringify(id),
    where: at([place, 'id']),
    nearest: null,
  });
}

function checkBreaks({ breaks }: Mutant, place: number, at: (path: Path) => string): void {
  const ids = PROPERTIES.map(({ id }) => id);
  const wrong = breaks.findIndex((id) => !ids.includes(id));
  if (wrong < 0) return;
  throw unexpected({
    expected: 'the id of a property',
    got: JSON.stringify(breaks[wrong]),
    where: at([place, 'breaks', wrong]),
    nearest: nearestName(breaks[wrong]!, ids),
  });
}

function checkEdits(
  mutant: Mutant,
  place: number,
  sources: CoreSources,
  at: (path: Path) => string,
): void {
  try {
    applyEdits(mutant, sources);
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    const { edit, key, expected, got, nearest } = error;
    throw unexpected({ expected, got, where: at([place, 'edits', edit, key]), nearest });
  }
}

/** "[2].edits[0].find, mutants.yaml:12:7". */
function whereOf(path: Path, file: PlanText): string {
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
  const where = steps.join('').replace(/^\./, '');
  return [where, file.positionOf(path)].filter((part) => part !== '').join(', ');
}
