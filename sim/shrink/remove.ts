/** Takes out of the failing plan whatever it can do without. */
import type { Plan } from '../kernel/plan.ts';
import { openStream } from '../kernel/random.ts';
import {
  blockedLinks,
  happenings,
  scriptedOps,
  withHappenings,
  withLinks,
  withOps,
  withScript,
} from './items.ts';
import { minimizeList } from './minimize-list.ts';
import { choices, serverCount, withoutNodes } from './nodes.ts';
import type { Search } from './search.ts';

/** Pairs of so many things are tried, not of more. */
const PAIRED_MAX = 60;
/** Of more things than this, choices by luck are tried … */
const CHOSEN_MIN = 6;
/** … so many of them, until one does. */
const CHOICES = 200;
/** How many stay. */
const SHARES = [0.5, 0.8, 0.3, 0.9, 0.65] as const;

/** Again and again, until nothing more can go. */
export async function removeAll(search: Search): Promise<void> {
  for (;;) {
    const before = search.plan;
    await removeDecisions(search);
    await removeHappenings(search);
    await cutOff(search);
    await removeNodes(search);
    await removeClients(search);
    await removeOps(search);
    await removeLinks(search);
    await removeTimers(search);
    await removeClocks(search);
    await removeImages(search);
    if (search.plan === before) await removePairs(search);
    if (search.plan === before) await removeByLuck(search);
    if (search.plan === before || search.isOver) return;
  }
}

/** Faults and requests; of what is left the decisions follow. */
async function removeHappenings(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(happenings(plan), (rest) =>
    search.acceptRepaired(withHappenings({ ...plan, decisions: search.plan.decisions }, rest)),
  );
}

/** Two at once: a crash and the election that it makes necessary, or one term more on two servers. */
async function removePairs(search: Search): Promise<void> {
  for (let first = 0; happenings(search.plan).length <= PAIRED_MAX; first += 1) {
    let second = first + 1;
    const all = happenings(search.plan);
    if (first >= all.length - 1) return;
    while (second < happenings(search.plan).length && !search.isOver) {
      const { plan } = search;
      const rest = happenings(plan).filter((_, place) => place !== first && place !== second);
      if (!(await search.acceptRepaired(withHappenings(plan, rest)))) second += 1;
    }
  }
}

/**
 * Many at once, here and there: what makes up for each other cannot go one by one. The draws are the
 * same in every search.
 */
async function removeByLuck(search: Search): Promise<void> {
  const { plan } = search;
  const all = happenings(plan);
  if (all.length <= CHOSEN_MIN) return;
  const draw = openStream('shrink', `${all.length} of ${plan.cluster.size}`);
  for (let nth = 0; nth < CHOICES && !search.isOver; nth += 1) {
    const share = SHARES[nth % SHARES.length]!;
    const rest = all.filter(() => draw() < share);
    if (rest.length === all.length) continue;
    if (await search.acceptRepaired(withHappenings(plan, rest))) return;
  }
}

async function removeDecisions(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(plan.decisions, (rest) => search.accept({ ...plan, decisions: [...rest] }));
}

async function removeTimers(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(plan.timers, (rest) => search.accept({ ...plan, timers: [...rest] }));
}

async function removeClocks(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(plan.clocks, (rest) => search.accept({ ...plan, clocks: [...rest] }));
}

async function removeImages(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(plan.images, (rest) => search.accept({ ...plan, images: [...rest] }));
  for (let place = 0; place < search.plan.images.length; place += 1) {
    while (await search.accept(withShorterLog(search.plan, place)));
  }
}

function withShorterLog(plan: Plan, place: number): Plan {
  const images = plan.images.map((image, i) =>
    i === place ? { ...image, log: image.log.slice(0, -1) } : image,
  );
  return { ...plan, images };
}

async function removeOps(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(scriptedOps(plan), (rest) => search.acceptRepaired(withOps(plan, rest)));
}

async function removeLinks(search: Search): Promise<void> {
  const { plan } = search;
  await minimizeList(blockedLinks(plan), (rest) => search.accept(withLinks(plan, rest)));
}

/** As many servers at once as can go: two of five leave three with a majority of two. */
async function removeNodes(search: Search): Promise<void> {
  for (let count = serverCount(search.plan) - 1; count >= 1; count -= 1) {
    const { plan } = search;
    if (count >= serverCount(plan)) continue;
    for (const gone of choices(serverCount(plan), count)) {
      if (gone.filter((node) => node <= plan.cluster.size).length === plan.cluster.size) continue;
      if (await search.acceptRepaired(withoutNodes(plan, gone))) break;
    }
  }
}

/** Random clients, and what the last phase asks of them. */
async function removeClients(search: Search): Promise<void> {
  const { workload, phases } = search.plan;
  const { trafficOperations } = phases;
  const fewer = [
    { clients: 0, trafficOperations: 0 },
    { clients: 1, trafficOperations: 1 },
    { clients: 1, trafficOperations },
    { clients: Math.max(1, workload.clients - 1), trafficOperations },
  ].filter((next) => next.clients < workload.clients);
  if (trafficOperations > 1) fewer.push({ clients: workload.clients, trafficOperations: 1 });
  await search.acceptFirst(
    fewer.map(({ clients, trafficOperations }) => ({
      ...search.plan,
      workload: { ...workload, clients },
      phases: { ...phases, trafficOperations },
    })),
  );
}

/** Nothing is to happen after the failure. */
async function cutOff(search: Search): Promise<void> {
  const { plan, trial } = search;
  const endUs = trial.virtualUs + 1;
  if (plan.phases.settle) return;
  const isEarlier = endUs < plan.phases.chaosUs;
  const phases = { ...plan.phases, chaosUs: endUs };
  const script = plan.workload.script.filter(({ atUs }) => atUs < endUs);
  const cut = withScript({ ...plan, phases }, script);
  const faults = plan.faults.filter(({ when }) => !('atUs' in when) || when.atUs < endUs);
  if (isEarlier) await search.accept({ ...cut, faults, ...asksBefore(plan, endUs) });
}

/** What operators ask for, and clocks do, before this time. */
function asksBefore({ operators, clocks }: Plan, endUs: number): Partial<Plan> {
  const isBefore = ({ atUs }: { readonly atUs: number }): boolean => atUs < endUs;
  const asking = operators.map((one) => ({ ...one, requests: one.requests.filter(isBefore) }));
  return {
    operators: asking.filter(({ requests }) => requests.length > 0),
    clocks: clocks.map((clock) => ({ ...clock, jumps: clock.jumps.filter(isBefore) })),
  };
}
