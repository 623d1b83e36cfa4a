/** The door for plans from outside: text or data in, a whole and consistent plan out. */
import type { AdminRequest } from '../core/contract.ts';
import { explain } from './explain-issue.ts';
import type { Plan } from './kernel/plan.ts';
import { firstPlanProblem } from './plan-rules.ts';
import { type JsonSchema, type PlanFile, planJsonSchema, planSchema } from './plan-schema.ts';
import { type PlanText, parsePlanText } from './plan-text.ts';
import { show, unexpected } from './usage-error.ts';
import { SCHEMA_VERSION } from './versions.ts';

/**
 * A plan from the text of a file, JSON or YAML; what the file leaves out is filled in. `name` is
 * the file's name, for messages. Throws a UsageError: one sentence that says what was expected,
 * what came, and where.
 */
export function loadPlan(text: string, name: string): Plan {
  const planText = parsePlanText(text, name);
  return validate(planText.value, planText);
}

/** A whole plan from one with sections or knobs left out. Throws a UsageError, as loadPlan does. */
export function completePlan(file: PlanFile): Plan {
  return validate(file, null);
}

/** What stands for everything that a plan file leaves out. */
export const DEFAULT_PLAN: Plan = completePlan({});

let jsonSchema: JsonSchema | null = null;

function validate(value: unknown, text: PlanText | null): Plan {
  const file = withoutSchemaLink(value);
  checkVersion(file, text);
  const parsed = planSchema.safeParse(file);
  if (!parsed.success) {
    jsonSchema ??= planJsonSchema();
    const { path, ...words } = explain(parsed.error.issues, file, jsonSchema);
    throw unexpected({ ...words, where: whereOf(path, text) });
  }
  const plan = inPresentFormat(inOrder(withCore(parsed.data)));
  const problem = firstPlanProblem(plan);
  if (problem === null) return plan;
  const { path, expected, got, nearest = null } = problem;
  throw unexpected({ expected, got, where: whereOf(path, text), nearest });
}

/** Editors find the schema by this key; it says nothing about the plan. */
function withoutSchemaLink(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { $schema: _, ...file } = value as Record<string, unknown>;
  return file;
}

/** Checked first: a later version explains every other difference. */
function checkVersion(file: unknown, text: PlanText | null): void {
  const version = (file as { versions?: { schema?: unknown } } | null)?.versions?.schema;
  if (typeof version !== 'number' || version <= SCHEMA_VERSION) return;
  throw unexpected({
    expected: `a plan of schema version ${SCHEMA_VERSION} or earlier, which is what this program reads`,
    got: `one of schema version ${show(version)}`,
    where: whereOf(['versions', 'schema'], text),
    nearest: null,
  });
}

/**
 * What later versions of the format have added has defaults that mean what plans did before, so that
 * a plan of an earlier one is a plan of this one.
 */
function inPresentFormat(plan: Plan): Plan {
  return { ...plan, versions: { ...plan.versions, schema: SCHEMA_VERSION } };
}

/** An empty core stands for all servers but those that are wiped by name. */
function withCore(plan: Plan): Plan {
  if (plan.phases.core.length > 0) return plan;
  const { size, spares } = plan.cluster;
  const servers = Array.from({ length: size + spares }, (_, i) => i + 1);
  const wiped = plan.faults.flatMap(({ what }) => (what.do === 'wipe' ? [what.node] : []));
  const core = servers.filter((node) => !wiped.includes(node));
  return { ...plan, phases: { ...plan.phases, core } };
}

/** Configurations name their servers in ascending order. */
function inOrder(plan: Plan): Plan {
  const operators = plan.operators.map((operator) => {
    const requests = operator.requests.map((each) => ({
      ...each,
      request: requestInOrder(each.request),
    }));
    return { ...operator, requests };
  });
  return { ...plan, operators };
}

function requestInOrder(request: AdminRequest): AdminRequest {
  if (request.kind !== 'changeMembership') return request;
  const ascending = (nodes: readonly number[]) => nodes.toSorted((a, b) => a - b);
  const { voters, learners } = request;
  return { ...request, voters: ascending(voters), learners: ascending(learners) };
}

/** "faults[3].when.atUs, plan.yaml:12:7". */
function whereOf(path: readonly (string | number)[], text: PlanText | null): string {
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
  const where = steps.join('').replace(/^\./, '');
  const position = text === null ? '' : text.positionOf(path);
  return [where, position].filter((part) => part !== '').join(', ');
}
