/** Makes the numbers of the failing plan plain: defaults where they do, small and round otherwise. */
import type { Fault, FaultAction, Plan } from '../kernel/plan.ts';
import { DEFAULT_PLAN } from '../load-plan.ts';
import { onTime } from './pin.ts';
import { simplifyClocks, simplifyOperators } from './plain-operators.ts';
import type { Trial } from './probe.ts';
import { noLonger, type Search } from './search.ts';

/** One pass over everything that has a value. */
export async function simplifyValues(search: Search): Promise<void> {
  await simplifySections(search);
  await simplifyFaults(search);
  await simplifyDecisions(search);
  await simplifyOps(search);
  await simplifyOperators(search);
  await simplifyClocks(search);
}

/** A quiet world: what a script runs in. */
const PLAIN_NETWORK: Plan['network'] = {
  ...DEFAULT_PLAN.network,
  latencyUsMin: 1_000,
  latencyUsMax: 1_000,
};
const PLAIN_DISK: Plan['disk'] = { ...DEFAULT_PLAN.disk, latencyUsMin: 200, latencyUsMax: 200 };

async function simplifySections(search: Search): Promise<void> {
  const sections: readonly [keyof Plan & ('network' | 'disk'), object][] = [
    ['network', PLAIN_NETWORK],
    ['disk', PLAIN_DISK],
  ];
  for (const [name, plain] of sections) {
    if (await search.accept({ ...search.plan, [name]: plain }, noLonger(search))) continue;
    for (const [knob, value] of Object.entries(plain)) {
      const section = search.plan[name] as unknown as Record<string, unknown>;
      await search.accept(
        { ...search.plan, [name]: { ...section, [knob]: value } },
        noLonger(search),
      );
    }
  }
  const { plan } = search;
  await search.accept({ ...plan, seed: '1' }, noLonger(search));
  await simplifyConfig(search);
  await simplifyCluster(search);
  await simplifyWorkload(search);
}

async function simplifyCluster(search: Search): Promise<void> {
  const { stateMachine, restartAfterHaltUs, sessionExpiryMs } = DEFAULT_PLAN.cluster;
  for (const part of [{ stateMachine }, { restartAfterHaltUs }, { sessionExpiryMs }]) {
    const { plan } = search;
    await search.accept({ ...plan, cluster: { ...plan.cluster, ...part } }, noLonger(search));
  }
}

async function simplifyConfig(search: Search): Promise<void> {
  const having = (part: Partial<Plan['cluster']['config']>): Plan => {
    const { plan } = search;
    const config = { ...plan.cluster.config, ...part };
    return { ...plan, cluster: { ...plan.cluster, config } };
  };
  const plain = DEFAULT_PLAN.cluster.config;
  const { electionMsMin, electionMsMax, heartbeatMs, reads, ...rest } = plain;
  if (await search.accept(having(plain), noLonger(search))) return;
  await search.accept(having({ electionMsMin, electionMsMax, heartbeatMs }), noLonger(search));
  // A lease needs other options: it goes first.
  for (const [knob, value] of Object.entries({ reads, ...rest })) {
    await search.accept(having({ [knob]: value }), noLonger(search));
  }
  for (const knob of CONFIG_KNOBS) {
    if (search.plan.cluster.config[knob] === plain[knob]) continue;
    for (const { [knob]: value } of rounder(search.plan.cluster.config, [knob])) {
      await search.accept(having({ [knob]: value }), noLonger(search));
    }
  }
  const { config } = search.plan.cluster;
  const min = config.electionMsMin;
  const shorter = [min + 1, Math.ceil(min * 1.1), Math.ceil(min * 1.5), min * 2].filter(
    (max) => max < config.electionMsMax,
  );
  const fewer = { heartbeatMs: Math.floor(min / 2) };
  for (const electionMsMax of shorter) {
    const suits = shorterThan(search);
    if (await search.accept(having({ electionMsMax, ...fewer }), suits)) return;
    if (await search.accept(having({ electionMsMax }), suits)) return;
  }
  await search.accept(having(fewer), shorterThan(search));
}

function shorterThan(search: Search): (trial: Trial) => boolean {
  const { events } = search.trial;
  return (trial) => trial.events < events;
}

async function simplifyWorkload(search: Search): Promise<void> {
  const { clients, script, ...knobs } = DEFAULT_PLAN.workload;
  for (const [knob, value] of Object.entries(knobs)) {
    const { plan } = search;
    await search.accept(
      { ...plan, workload: { ...plan.workload, [knob]: value } },
      noLonger(search),
    );
  }
}

async function simplifyFaults(search: Search): Promise<void> {
  for (let place = 0; place < search.plan.faults.length; place += 1) {
    const having = (fault: Fault): Plan => {
      const faults = search.plan.faults.map((other, i) => (i === place ? fault : other));
      return { ...search.plan, faults };
    };
    await simplifyTrigger(search, place, having);
    const { when } = search.plan.faults[place]!;
    for (const what of plainer(search.plan.faults[place]!.what)) {
      if (await search.accept(having({ when, what }), noLonger(search))) break;
    }
    for (const what of rounder(search.plan.faults[place]!.what, FAULT_KNOBS)) {
      await search.accept(having({ when, what }), noLonger(search));
    }
  }
}

/** A time instead of a fact, or at least one of the first such facts. */
async function simplifyTrigger(
  search: Search,
  place: number,
  having: (fault: Fault) => Plan,
): Promise<void> {
  const fault = search.plan.faults[place]!;
  const { when } = fault;
  if (!('on' in when)) return;
  const observed = await search.observe();
  const strike = observed?.strikes.find((candidate) => candidate.place === place);
  if (strike !== undefined) {
    for (const triggers of ['after', 'at'] as const) {
      const timed = onTime(fault, strike.atUs, strike.node, triggers);
      if (await search.accept(having(timed), noLonger(search))) return;
    }
  }
  const nodes = when.node === 0 && strike !== undefined ? [strike.node, 0] : [when.node];
  for (const nth of [1, 2, 3, Math.floor(when.nth / 2), when.nth - 1]) {
    if (nth < 1 || nth >= when.nth) continue;
    for (const node of nodes) {
      if (await search.accept(having({ ...fault, when: { ...when, nth, node } }))) return;
    }
  }
}

/** The same fault in plainer forms, the plainest first. */
function plainer(what: FaultAction): FaultAction[] {
  const forms: FaultAction[] = [];
  if ('restartUs' in what && what.restartUs !== null) forms.push({ ...what, restartUs: null });
  if ('forUs' in what && what.forUs !== null && (what.do === 'block' || what.do === 'isolate')) {
    forms.push({ ...what, forUs: null });
  }
  if (what.do === 'crash' && what.keep === 'drawn') {
    forms.push({ ...what, keep: 'none' }, { ...what, keep: 'all' });
    forms.push(
      { ...what, restartUs: null, keep: 'none' },
      { ...what, restartUs: null, keep: 'all' },
    );
  }
  if (what.do === 'isolate' && what.direction !== 'both')
    forms.push({ ...what, direction: 'both' });
  if (what.do === 'isolate' && what.peers > 0) forms.push({ ...what, peers: 0 });
  return forms.filter((form) => JSON.stringify(form) !== JSON.stringify(what));
}

async function simplifyDecisions(search: Search): Promise<void> {
  for (let place = 0; place < search.plan.decisions.length; place += 1) {
    const decision = search.plan.decisions[place]!;
    const forms = [
      { ...decision, drop: true, delayUs: null, duplicateUs: null },
      { ...decision, duplicateUs: null },
    ];
    for (const form of forms) {
      const decisions = search.plan.decisions.map((other, i) => (i === place ? form : other));
      if (await search.accept({ ...search.plan, decisions })) break;
    }
    for (const form of rounder(search.plan.decisions[place]!, DECISION_KNOBS)) {
      const decisions = search.plan.decisions.map((other, i) => (i === place ? form : other));
      await search.accept({ ...search.plan, decisions }, noLonger(search));
    }
  }
}

const CONFIG_KNOBS = ['snapshotEntries', 'trailingEntries', 'snapshotChunkMax'] as const;
const FAULT_KNOBS = ['forUs', 'restartUs', 'withinUs', 'delayUs', 'count', 'factor'] as const;
const DECISION_KNOBS = ['delayUs', 'duplicateUs'] as const;
const ROUND_US = [1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000] as const;
const SMALLEST: Readonly<Record<string, number>> = {
  count: 1,
  factor: 2,
  snapshotEntries: 1,
  trailingEntries: 1,
  snapshotChunkMax: 1,
};

/** The same with one of these numbers round, or a little smaller and rounder. */
function* rounder<T extends object>(item: T, knobs: readonly string[]): Generator<T> {
  for (const knob of knobs) {
    const value = (item as Readonly<Record<string, unknown>>)[knob];
    if (typeof value !== 'number') continue;
    const smallest = SMALLEST[knob];
    if (smallest !== undefined) {
      if (value > smallest) yield { ...item, [knob]: smallest };
      continue;
    }
    if (digits(value) === 1) continue;
    const near = [100_000, 10_000, 1_000].map((unit) => Math.round(value / unit) * unit);
    for (const next of [...ROUND_US, ...near]) {
      if (next > 0 && digits(next) < digits(value)) yield { ...item, [knob]: next };
    }
  }
}

/** Without the zeros at the end. */
function digits(value: number): number {
  return String(value).replace(/0+$/, '').length;
}

/** Short commands, all different: "put x 1", "put x 2". */
async function simplifyOps(search: Search): Promise<void> {
  let count = 0;
  const named = (one: boolean): Plan['workload']['script'] =>
    search.plan.workload.script.map((request) => ({
      ...request,
      ops: request.ops.map((op) => {
        const [verb, key] = op.split(' ');
        const name = one ? 'x' : (key ?? 'x');
        if (verb === 'get') return `get ${name}`;
        if (verb !== 'put') return op;
        count += 1;
        return `put ${name} ${count}`;
      }),
    }));
  for (const one of [true, false]) {
    count = 0;
    const { plan } = search;
    const script = named(one);
    if (await search.accept({ ...plan, workload: { ...plan.workload, script } }, noLonger(search)))
      return;
  }
}
