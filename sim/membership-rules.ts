/** Rules about who is in the cluster: spare servers, what operators ask for, servers that are gone. */
import type { AdminRequest } from '../core/contract.ts';
import type { Plan } from './kernel/plan.ts';
import { checkDistinct, type Path, type Problems } from './plan-problem.ts';

const SERVERS_MAX = 7;

export function checkMembership(plan: Plan, problems: Problems): void {
  const { size, spares } = plan.cluster;
  if (size + spares > SERVERS_MAX) {
    problems.push({
      path: ['cluster', 'spares'],
      expected: `at most ${SERVERS_MAX - size} beside ${size} servers (${SERVERS_MAX} in all)`,
      got: String(spares),
    });
  }
  plan.operators.forEach(({ requests }, i) => {
    requests.forEach(({ request }, j) => {
      checkRequest(request, ['operators', i, 'requests', j, 'request'], problems);
    });
  });
  checkImages(plan, problems);
  checkWipes(plan, problems);
}

/** The servers that operators name, with the places where they do. */
export function namedByOperators({ operators }: Plan): [number, Path][] {
  return operators.flatMap(({ requests }, i) =>
    requests.flatMap(({ node, request }, j) => {
      const place: Path = ['operators', i, 'requests', j];
      return [[node, [...place, 'node']], ...namedByRequest(request, [...place, 'request'])] as [
        number,
        Path,
      ][];
    }),
  );
}

function namedByRequest(request: AdminRequest, place: Path): [number, Path][] {
  switch (request.kind) {
    case 'changeMembership':
      return (['voters', 'learners'] as const).flatMap((role) =>
        request[role].map((node, i): [number, Path] => [node, [...place, role, i]]),
      );
    case 'transferLeadership':
      return [[request.to, [...place, 'to']]];
    case 'takeSnapshot':
      return [];
  }
}

function checkRequest(request: AdminRequest, path: Path, problems: Problems): void {
  if (request.kind !== 'changeMembership') return;
  const { voters, learners } = request;
  checkDistinct(voters.map(String), (i) => [...path, 'voters', i], problems);
  checkDistinct(learners.map(String), (i) => [...path, 'learners', i], problems);
  learners.forEach((node, i) => {
    if (!voters.includes(node)) return;
    const expected = 'a server that is not among the voters';
    problems.push({ path: [...path, 'learners', i], expected, got: String(node) });
  });
}

/** A server that knows of no cluster can have no log. */
function checkImages({ cluster, images }: Plan, problems: Problems): void {
  images.forEach(({ node }, i) => {
    if (node <= cluster.size || cluster.spares === 0) return;
    const expected = `a server of the first configuration (1 to ${cluster.size})`;
    problems.push({ path: ['images', i, 'node'], expected, got: String(node) });
  });
}

function checkWipes({ faults, phases }: Plan, problems: Problems): void {
  faults.forEach(({ what }, i) => {
    if (what.do !== 'wipe' || !phases.core.includes(what.node)) return;
    const expected = 'a server that is not of phases.core, since it never runs again';
    problems.push({ path: ['faults', i, 'what', 'node'], expected, got: String(what.node) });
  });
}
