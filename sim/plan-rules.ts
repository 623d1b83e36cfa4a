/** What the knobs of a plan must have in common: the rules that no single knob can keep. */
import { distance } from 'fastest-levenshtein';
import type { Message } from '../core/messages.ts';
import { checkClocks } from './clock-rules.ts';
import type { Fault, FaultTrigger, InitialImage, Plan } from './kernel/plan.ts';
import { checkMembership, namedByOperators } from './membership-rules.ts';
import { checkOperations } from './operation-rules.ts';
import { checkDistinct, type Path, type PlanProblem, type Problems } from './plan-problem.ts';

/** The first rule that this plan breaks, or null. The schema must hold already. */
export function firstPlanProblem(plan: Plan): PlanProblem | null {
  const problems: Problems = [];
  checkRanges(plan, problems);
  checkNodes(plan, problems);
  checkPhases(plan, problems);
  plan.faults.forEach((fault, i) => {
    checkFault(fault, ['faults', i], problems);
  });
  checkPins(plan, problems);
  checkOperations(plan, problems);
  checkImages(plan.images, problems);
  checkElected(plan, problems);
  checkMembership(plan, problems);
  checkClocks(plan, problems);
  return problems[0] ?? null;
}

function checkRanges({ cluster, network, disk }: Plan, problems: Problems): void {
  const { electionMsMin, electionMsMax, heartbeatMs } = cluster.config;
  const { latencyUsMin, latencyUsMax, tailPpm, tailUsMax } = network;
  const config: Path = ['cluster', 'config'];
  const limits: [number, Path, number, string][] = [
    [electionMsMin, [...config, 'electionMsMin'], electionMsMax, 'electionMsMax'],
    [heartbeatMs, [...config, 'heartbeatMs'], Math.floor(electionMsMin / 2), 'half electionMsMin'],
    [latencyUsMin, ['network', 'latencyUsMin'], latencyUsMax, 'latencyUsMax'],
    [disk.latencyUsMin, ['disk', 'latencyUsMin'], disk.latencyUsMax, 'latencyUsMax'],
    [disk.snapshotUsMin, ['disk', 'snapshotUsMin'], disk.snapshotUsMax, 'snapshotUsMax'],
  ];
  if (tailPpm > 0) limits.push([latencyUsMax, ['network', 'latencyUsMax'], tailUsMax, 'tailUsMax']);
  for (const [value, path, limit, name] of limits) {
    if (value <= limit) continue;
    problems.push({ path, expected: `at most ${limit} (${name})`, got: String(value) });
  }
}

function checkNodes(plan: Plan, problems: Problems): void {
  const size = plan.cluster.size + plan.cluster.spares;
  const named = namedByOperators(plan);
  plan.clocks.forEach(({ node }, i) => {
    named.push([node, ['clocks', i, 'node']]);
  });
  plan.workload.script.forEach(({ node }, i) => {
    named.push([node, ['workload', 'script', i, 'node']]);
  });
  plan.phases.core.forEach((node, i) => {
    named.push([node, ['phases', 'core', i]]);
  });
  plan.faults.forEach(({ when, what }, i) => {
    if ('on' in when) named.push([when.node, ['faults', i, 'when', 'node']]);
    if ('node' in what) named.push([what.node, ['faults', i, 'what', 'node']]);
    if (what.do !== 'block') return;
    what.links.forEach(([from, to], j) => {
      named.push([from, ['faults', i, 'what', 'links', j, 0]]);
      named.push([to, ['faults', i, 'what', 'links', j, 1]]);
    });
  });
  plan.decisions.forEach(({ match }, i) => {
    named.push([match.from, ['decisions', i, 'match', 'from']]);
    named.push([match.to, ['decisions', i, 'match', 'to']]);
  });
  plan.timers.forEach(({ node }, i) => {
    named.push([node, ['timers', i, 'node']]);
  });
  plan.images.forEach(({ node, votedFor }, i) => {
    named.push([node, ['images', i, 'node']]);
    named.push([votedFor, ['images', i, 'votedFor']]);
  });
  for (const [node, path] of named) {
    if (node <= size) continue;
    const expected = `a server of this cluster (1 to ${size})`;
    problems.push({ path, expected, got: String(node) });
  }
}

function checkPhases({ phases, workload }: Plan, problems: Problems): void {
  checkDistinct(phases.core.map(String), (i) => ['phases', 'core', i], problems);
  if (!phases.settle || phases.trafficOperations === 0 || workload.clients > 0) return;
  problems.push({
    path: ['workload', 'clients'],
    expected: `at least 1 client, for the ${phases.trafficOperations} trafficOperations`,
    got: '0',
  });
}

/** Counts that mean something; of the other kinds of trigger only 0. */
const countRanges: Partial<Record<FaultTrigger['on'], readonly [number, number]>> = {
  leader: [0, 1_000],
  voteGranted: [0, 1],
  write: [0, 2],
  senders: [1, 6],
  leaderAgain: [0, 1_000],
  success: [0, 1],
  snapshotSent: [0, 1],
};

function checkFault({ when, what }: Fault, path: Path, problems: Problems): void {
  if ('on' in when) {
    const [min, max] = countRanges[when.on] ?? [0, 0];
    if (when.count < min || when.count > max) {
      const expected = `${min === max ? min : `${min} to ${max}`} (on ${when.on})`;
      problems.push({ path: [...path, 'when', 'count'], expected, got: String(when.count) });
    }
  } else if ('node' in what && what.node === 0) {
    problems.push({
      path: [...path, 'what', 'node'],
      expected: 'a server, since a fault at a time has no fact that names one',
      got: '0',
    });
  }
  if (what.do === 'block') checkLinks(what.links, [...path, 'what', 'links'], problems);
  if (what.do === 'interfere') checkKind(what.kind, [...path, 'what', 'kind'], problems);
}

function checkPins({ decisions, timers }: Plan, problems: Problems): void {
  decisions.forEach(({ match }, i) => {
    const path: Path = ['decisions', i, 'match'];
    checkKind(match.kind, [...path, 'kind'], problems);
    if (match.from !== match.to) return;
    const expected = `another server than ${match.from} (from)`;
    problems.push({ path: [...path, 'to'], expected, got: String(match.to) });
  });
  const pins = timers.map(({ node, timer, nth }) => `${timer} ${nth} of server ${node}`);
  checkDistinct(pins, (i) => ['timers', i, 'nth'], problems);
}

const kinds: Record<Message['kind'], true> = {
  RequestVote: true,
  RequestVoteResponse: true,
  AppendEntries: true,
  AppendEntriesResponse: true,
  InstallSnapshot: true,
  InstallSnapshotResponse: true,
  TimeoutNow: true,
};

/** Other implementations may have other kinds; one that is almost a known one is a slip. */
const SLIP_EDITS_MAX = 2;

function checkKind(kind: string, path: Path, problems: Problems): void {
  if (Object.hasOwn(kinds, kind)) return;
  const nearest = Object.keys(kinds).find((known) => distance(known, kind) <= SLIP_EDITS_MAX);
  if (nearest === undefined) return;
  const expected = `one of ${Object.keys(kinds).join(', ')}, or a kind that is not almost one of them`;
  problems.push({ path, expected, got: JSON.stringify(kind), nearest });
}

function checkLinks(
  links: readonly (readonly [number, number])[],
  path: Path,
  problems: Problems,
): void {
  const names = links.map(([from, to]) => `[${from}, ${to}]`);
  links.forEach(([from, to], i) => {
    if (from !== to) return;
    const expected = 'a link between two different servers';
    problems.push({ path: [...path, i], expected, got: names[i]! });
  });
  checkDistinct(names, (i) => [...path, i], problems);
}

/** Disks that Raft could have left behind: Log Matching holds between them (§5.3). */
function checkImages(images: readonly InitialImage[], problems: Problems): void {
  const path = (i: number): Path => ['images', i, 'node'];
  checkDistinct(
    images.map(({ node }) => `server ${node}`),
    path,
    problems,
  );
  /** (index, term) → the entry there, together with all before it. */
  const histories = new Map<string, string>();
  images.forEach((image, i) => {
    let history = '';
    image.log.forEach(({ term, op }, j) => {
      const place: Path = ['images', i, 'log', j];
      const before = j === 0 ? 1 : image.log[j - 1]!.term;
      if (term < before || term > image.currentTerm) {
        const expected = `a term from ${before} (the entry before) to ${image.currentTerm} (currentTerm)`;
        problems.push({ path: [...place, 'term'], expected, got: String(term) });
      }
      history += `${term} ${JSON.stringify(op)},`;
      const key = `${j + 1} ${term}`;
      const known = histories.get(key);
      histories.set(key, history);
      if (known === undefined || known === history) return;
      const expected = `the log of another image up to index ${j + 1}, which also has term ${term} there (Log Matching, §5.3)`;
      problems.push({ path: place, expected, got: 'a different one' });
    });
  });
}

/**
 * Nor can a disk hold an entry of a term that no majority has come to: its leader was elected by
 * servers that had written the term first (§5.2), and who has not could elect another in it.
 */
function checkElected({ images, cluster }: Plan, problems: Problems): void {
  const terms = images.map(({ currentTerm }) => currentTerm);
  images.forEach(({ log }, i) => {
    log.forEach(({ term }, j) => {
      const reached = terms.filter((currentTerm) => currentTerm >= term).length;
      if (2 * reached > cluster.size) return;
      const expected = `a term that the currentTerm of a majority of the ${cluster.size} servers has reached, which has elected its leader (§5.2)`;
      const got = `${term}, which ${reached} of them ${reached === 1 ? 'has' : 'have'} reached`;
      problems.push({ path: ['images', i, 'log', j, 'term'], expected, got });
    });
  });
}
