import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { drawComebacks } from '../../sim/generate/comebacks.ts';
import {
  between,
  type Draw,
  drawOne,
  drawOrder,
  drawSome,
  logBetween,
  openDraw,
  percent,
} from '../../sim/generate/draw.ts';
import { triggerKinds, wireTriggerKinds } from '../../sim/generate/fault-trigger.ts';
import { factsOf, faultTables } from '../../sim/generate/faults.ts';
import {
  drawPlan,
  type GenerateOptions,
  generatePlan,
  type Section,
} from '../../sim/generate/generate-plan.ts';
import { GENERATOR_KNOBS } from '../../sim/generate/knobs.ts';
import { drawPartition, partitionKnobs } from '../../sim/generate/partition.ts';
import { PROFILE_NAMES, type ProfileName } from '../../sim/generate/profile-names.ts';
import { PROFILES } from '../../sim/generate/profiles.ts';
import type { Fault, FaultTrigger, Plan } from '../../sim/kernel/plan.ts';
import { completePlan } from '../../sim/load-plan.ts';

const SEEDS = 500;
/** Whether there is a scene is what is drawn first of it. */
const NEVER = (() => false) as Draw;
/** One profile: what a knob of it says is true of these. */
const plans: readonly Plan[] = plainOf('swarm', SEEDS);

/** Without the scenes, which take the place of what is drawn. */
function plainOf(profile: ProfileName | null, count: number): Plan[] {
  return Array.from({ length: count }, (_, seed) => plainPlan(String(seed), { profile }));
}

function plainPlan(seed: string, options: GenerateOptions): Plan {
  return drawPlan(seed, (section) => openPlain(seed, section), options);
}

function openPlain(seed: string, section: Section): Draw {
  return section === 'scenes' ? NEVER : openDraw(seed, section);
}

/** As in a campaign. */
function plansOf(profile: ProfileName | null, count: number): Plan[] {
  return Array.from({ length: count }, (_, seed) => generatePlan(String(seed), { profile }));
}

/** Percent of the plans of which this is true. */
function share(isTrue: (plan: Plan) => boolean, of: readonly Plan[] = plans): number {
  return (100 * of.filter(isTrue).length) / of.length;
}

function isEqual(one: Plan, other: Plan): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function triggersOf(plan: Plan): FaultTrigger[] {
  return plan.faults.flatMap(({ when }) => ('on' in when ? [when] : []));
}

function kindsOf(faults: readonly Fault[]): Set<string> {
  return new Set(faults.map(({ what }) => what.do));
}

describe('a seed means one plan', () => {
  test('of 50 seeds, pinned: change it together with GENERATOR_VERSION only', () => {
    const hash = createHash('sha256');
    for (const { versions, ...plan } of plansOf(null, 50)) hash.update(JSON.stringify(plan));
    expect(hash.digest('hex').slice(0, 16)).toBe('6641a6051c92002b');
  });

  test('again and again', () => {
    expect(generatePlan('18446744073709551615')).toEqual(generatePlan('18446744073709551615'));
    expect(generatePlan('1')).not.toEqual({ ...generatePlan('2'), seed: '1' });
  });

  test('that is whole and keeps every rule, whatever the profile', () => {
    for (const profile of PROFILE_NAMES) {
      for (const plan of plansOf(profile, 150)) expect(completePlan(plan)).toEqual(plan);
    }
  });
});

describe('options', () => {
  test('a size from outside moves nothing else in the cluster', () => {
    for (const size of [1, 2, 7]) {
      for (let seed = 0; seed < 40; seed += 1) {
        const options = { size, profile: 'swarm' } as const;
        const whole = generatePlan(String(seed), options);
        expect(completePlan(whole)).toEqual(whole);
        const plan = plainPlan(String(seed), options);
        // How many there can be, and how often clients come, follow the size.
        const { spares, sessionExpiryMs } = plan.cluster;
        const followers = { size, spares, sessionExpiryMs };
        expect(plan.cluster).toEqual({ ...plans[seed]!.cluster, ...followers });
        expect(size + spares).toBeLessThanOrEqual(7);
      }
    }
  });
});

describe('scenes', () => {
  const [whole, plain] = [plansOf(null, 2_000), plainOf(null, 2_000)];
  const changed = [...whole.keys()].filter((seed) => !isEqual(whole[seed]!, plain[seed]!));
  const scenes = changed.map((seed) => whole[seed]!);

  test('in about every twelfth seed, and where features allow one only', () => {
    expect(scenes.length).toBeGreaterThan(120);
    expect(scenes.length).toBeLessThan(260);
    for (const profile of ['figure-2', 'wire', 'calm', 'partitions'] as const) {
      expect(plansOf(profile, 200)).toEqual(plainOf(profile, 200));
    }
  });

  test('of every kind', () => {
    const has = (isTrue: (plan: Plan) => boolean): number => scenes.filter(isTrue).length;
    const asks = ({ workload }: Plan, op: string): boolean =>
      workload.script.some(({ ops }) => ops[0]!.startsWith(op));
    const isOn = (plan: Plan, fact: string): boolean =>
      triggersOf(plan).some(({ on }) => on === fact);
    const hasAction = ({ faults }: Plan, action: string): boolean =>
      faults.some(({ what }) => what.do === action);
    expect(has((plan) => asks(plan, 'get') && !hasAction(plan, 'block'))).toBeGreaterThan(40);
    expect(has((plan) => asks(plan, 'get') && hasAction(plan, 'block'))).toBeGreaterThan(5);
    expect(has((plan) => asks(plan, 'put') && !asks(plan, 'get'))).toBeGreaterThan(10);
    expect(has(({ timers }) => timers.length > 0)).toBeGreaterThan(10);
    expect(has((plan) => isOn(plan, 'configuration') && isOn(plan, 'leader'))).toBeGreaterThan(5);
    expect(has((plan) => isOn(plan, 'configuration') && hasAction(plan, 'crash'))).toBeGreaterThan(
      5,
    );
  });

  test('keep what they do not need', () => {
    for (const seed of changed) {
      const [scene, drawn] = [whole[seed]!, plain[seed]!];
      expect(scene.cluster.size).toBe(drawn.cluster.size);
      expect(scene.network.lossPpm).toBe(drawn.network.lossPpm);
      expect(scene.images).toEqual(drawn.images);
      expect(scene.phases.settle).toBe(true);
    }
  });
});

describe('profiles', () => {
  test('give programs what the protocol has words for, and patient clients', () => {
    const plans = plansOf('programs', 300);
    for (const { images, cluster, workload } of plans) {
      const { sessions, casPpm, ttlPpm, rangePpm, batchMax } = workload;
      const { stateMachine, config } = cluster;
      expect({ images, sessions, casPpm, ttlPpm, rangePpm, batchMax, stateMachine }).toEqual({
        images: [],
        sessions: false,
        casPpm: 0,
        ttlPpm: 0,
        rangePpm: 0,
        batchMax: 1,
        stateMachine: 'volatile',
      });
      expect([config.electionMsMin, config.electionMsMax, config.heartbeatMs]).toEqual([
        150, 300, 50,
      ]);
    }
    expect(share(({ cluster }) => cluster.config.snapshotEntries > 0, plans)).toBeGreaterThan(35);
    expect(share(({ cluster }) => cluster.config.snapshotEntries === 0, plans)).toBeGreaterThan(35);
  });

  test('are drawn as often as their weights say, out of a hundred', () => {
    const weights = PROFILE_NAMES.map((name) => PROFILES[name].weight);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(100);
    const counts = new Map<string, number>();
    const texts = new Map<string, string>();
    for (let seed = 0; seed < 300; seed += 1) {
      // The others are plans of these, as they are or without features.
      for (const name of PROFILE_NAMES.filter((one) => PROFILES[one].weight > 0)) {
        texts.set(JSON.stringify(generatePlan(String(seed), { profile: name })), name);
      }
      const name = texts.get(JSON.stringify(generatePlan(String(seed))));
      counts.set(name!, (counts.get(name!) ?? 0) + 1);
      texts.clear();
    }
    for (const name of PROFILE_NAMES) {
      const expected = 3 * PROFILES[name].weight;
      expect(Math.abs((counts.get(name) ?? 0) - expected)).toBeLessThan(8 + expected / 2);
    }
  });

  test('wire: only facts that any implementation raises, and no names of its own', () => {
    for (const plan of plansOf('wire', 200)) {
      for (const { on } of triggersOf(plan)) expect(wireTriggerKinds).toContain(on);
      expect(kindsOf(plan.faults)).not.toContain('elapse');
      expect(kindsOf(plan.faults)).not.toContain('interfere');
      for (const { what } of plan.faults) {
        if ('stream' in what) expect(what.stream).toBeNull();
        if (what.do === 'exhume') expect(what.of).toBe('any');
      }
    }
  });

  test('calm: nothing goes wrong', () => {
    for (const { network, workload, disk, faults } of plansOf('calm', 50)) {
      const { tailPpm, lossPpm, duplicatePpm, graveyardPpm } = network;
      const chances = [tailPpm, lossPpm, duplicatePpm, graveyardPpm, workload.lossPpm];
      expect([...chances, disk.failPpm, faults.length]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    }
  });

  test('tiny: small clusters, small bounds, short runs', () => {
    for (const { cluster } of plansOf('tiny', 100)) {
      expect(cluster.size).toBeLessThanOrEqual(3);
      expect(cluster.config.batchEntriesMax).toBeLessThanOrEqual(2);
      expect(cluster.config.inflightMax).toBeLessThanOrEqual(2);
    }
  });

  test('partitions: nobody crashes', () => {
    const kinds = kindsOf(plansOf('partitions', 200).flatMap(({ faults }) => faults));
    expect([...kinds].sort()).toEqual(['block', 'clog', 'elapse', 'isolate']);
  });

  test('long: ten times as long as others, with few faults', () => {
    const chaosUs = (of: readonly Plan[]): number => {
      return of.reduce((sum, { phases }) => sum + phases.chaosUs, 0) / of.length;
    };
    expect(chaosUs(plansOf('long', 200))).toBeGreaterThan(4 * chaosUs(plans.slice(0, 200)));
  });

  test('reigns: one server stands again and again, is cut off with a minority, and gets old mail', () => {
    const dones = new Set<string>();
    for (const [seed, { cluster, phases }] of plainOf('reigns', 100).entries()) {
      const faults = drawComebacks(openDraw(String(seed), 'comebacks'), cluster, phases);
      const often = faults.flatMap(({ what }) => (what.do === 'elapse' ? [what.node] : []));
      expect(often.length).toBeGreaterThan(4);
      expect(new Set(often).size).toBe(1);
      for (const { when, what } of faults) {
        dones.add(what.do);
        if ('on' in when) expect(when.node).toBe(often[0]);
        if (what.do !== 'block') continue;
        const lost = what.links.filter(([, to]) => to === often[0]).length;
        expect(cluster.size - lost).toBeLessThanOrEqual(cluster.size / 2);
        expect(what.links.length).toBe(2 * lost * (cluster.size - lost));
      }
    }
    expect([...dones].sort()).toEqual(['block', 'elapse', 'exhume', 'isolate', 'stall']);
    const isComing = ({ faults }: Plan) =>
      faults.filter(({ when, what }) => 'atUs' in when && what.do === 'elapse').length > 4;
    expect(share(isComing, plainOf('reigns', 100))).toBeGreaterThan(50);
    expect(share(isComing)).toBeLessThan(15);
  });
});

describe('each section has a stream of its own', () => {
  type Drawn = Exclude<Section, 'profile' | 'features' | 'scenes'>;
  const sections = [
    'cluster',
    'network',
    'disk',
    'workload',
    'phases',
    'faults',
    'operators',
    'clocks',
  ] as const;
  /** What may move with a section, since it is scaled to it. */
  const followers: Record<Drawn, readonly Drawn[]> = {
    cluster: sections,
    network: ['network', 'workload'],
    disk: ['disk', 'workload'],
    workload: ['workload', 'phases', 'faults', 'operators', 'clocks'],
    phases: ['phases', 'faults', 'operators', 'clocks'],
    faults: ['faults'],
    // Spare servers, and a server that is wiped, are drawn with the operators.
    operators: sections,
    clocks: ['clocks'],
  };

  test.each(sections)('another %s', (changed) => {
    let moved = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const plan = plans[seed]!;
      const open = (section: Section) =>
        openPlain(section === changed ? `${seed}'` : String(seed), section);
      const other = drawPlan(String(seed), open, { profile: 'swarm' });
      for (const section of sections) {
        if (followers[changed].includes(section)) continue;
        // Sessions last until their clients come again.
        const { sessionExpiryMs } = plan.cluster;
        const drawn =
          section === 'cluster' ? { ...other.cluster, sessionExpiryMs } : other[section];
        expect(drawn).toEqual(plan[section]);
      }
      if (JSON.stringify(other[changed]) !== JSON.stringify(plan[changed])) moved += 1;
      // Of the workload only the time that a client waits follows network and disk.
      if (changed === 'network' || changed === 'disk') {
        expect({ ...other.workload, timeoutUs: plan.workload.timeoutUs }).toEqual(plan.workload);
      }
    }
    // Not every plan has any.
    expect(moved).toBeGreaterThan(changed === 'operators' ? 15 : changed === 'clocks' ? 4 : 30);
  });
});

describe('what the plans are like', () => {
  test('clusters of every size, even ones too', () => {
    for (let size = 1; size <= 7; size += 1) {
      expect(share(({ cluster }) => cluster.size === size)).toBeGreaterThan(0);
    }
    expect(share(({ cluster }) => cluster.size === 1)).toBeLessThanOrEqual(2);
    expect(share(({ cluster }) => cluster.size % 2 === 0)).toBeGreaterThanOrEqual(30);
    expect(share(({ cluster }) => cluster.size >= 3 && cluster.size <= 5)).toBeGreaterThan(60);
  });

  test('tiny bounds', () => {
    expect(share(({ cluster }) => cluster.config.batchEntriesMax <= 2)).toBeGreaterThan(40);
    expect(share(({ cluster }) => cluster.config.inflightMax <= 2)).toBeGreaterThan(40);
  });

  test('messages that survive many election timeouts', () => {
    const isLong = ({ network, cluster }: Plan) =>
      network.tailPpm > 0 && network.tailUsMax >= 4_000 * cluster.config.electionMsMax;
    expect(share(isLong)).toBeGreaterThan(30);
    expect(share(({ network }) => network.tailPpm === 0)).toBeGreaterThan(20);
  });

  test('loss and duplicates in some plans, none in others', () => {
    for (const knob of ['lossPpm', 'duplicatePpm'] as const) {
      expect(share(({ network }) => network[knob] === 0)).toBeGreaterThan(30);
      expect(share(({ network }) => network[knob] >= 10_000)).toBeGreaterThan(20);
    }
  });

  test('most plans have one or two kinds of fault, a few have all', () => {
    // Beside a rival candidate, which is a fault of its own.
    const kinds = ({ faults }: Plan) => new Set([...kindsOf(faults), 'elapse']).size - 1;
    expect(share((plan) => kinds(plan) <= 2)).toBeGreaterThan(50);
    expect(share((plan) => kinds(plan) >= 4)).toBeGreaterThan(3);
    expect(share(({ faults }) => faults.length === 0)).toBeLessThan(5);
  });

  test('most plans have 2 to 10 triggered faults, at the server of the fact', () => {
    const count = (plan: Plan) => triggersOf(plan).length;
    expect(share((plan) => count(plan) >= 2 && count(plan) <= 10)).toBeGreaterThan(70);
    const triggered = plans.flatMap(({ faults }) => faults.filter(({ when }) => 'on' in when));
    const named = triggered.filter(({ what }) => 'node' in what && what.do !== 'elapse');
    const ofFact = named.filter(({ what }) => 'node' in what && what.node === 0);
    expect(ofFact.length / named.length).toBeGreaterThan(0.75);
  });

  test('every kind of fact and of fault', () => {
    const facts = new Set(plans.flatMap((plan) => triggersOf(plan).map(({ on }) => on)));
    const wanted = new Set([...triggerKinds, ...Object.values(factsOf).flat()]);
    expect([...facts].sort()).toEqual([...wanted].sort());
    const kinds = kindsOf(plans.flatMap(({ faults }) => faults));
    expect([...kinds].sort()).toEqual([...new Set([...faultTables.kinds, 'wipe'])].sort());
  });

  test('features: none, some, all', () => {
    const isOn: Record<string, (plan: Plan) => boolean> = {
      snapshots: ({ cluster }) => cluster.config.snapshotEntries > 0,
      trailing: ({ cluster }) => cluster.config.trailingEntries > 0,
      chunks: ({ cluster }) => cluster.config.snapshotChunkMax < 100,
      membership: ({ cluster }) => cluster.spares > 0,
      oneByOne: ({ cluster }) => cluster.config.membership === 'singleServer',
      preVote: ({ cluster }) => cluster.config.preVote,
      checkQuorum: ({ cluster }) => cluster.config.checkQuorum,
      readIndex: ({ cluster }) => cluster.config.reads === 'readIndex',
      lease: ({ cluster }) => cluster.config.reads === 'lease',
      sessions: ({ workload }) => workload.sessions,
      expiry: ({ cluster }) => cluster.sessionExpiryMs > 0,
      operations: ({ workload }) => workload.casPpm > 0 && workload.ttlPpm > 0,
      clocks: ({ clocks }) => clocks.length > 0,
      operators: ({ operators }) => operators.length > 0,
      twoOperators: ({ operators }) => operators.length > 1,
    };
    for (const [name, has] of Object.entries(isOn)) {
      expect(share(has), name).toBeGreaterThan(3);
      expect(share(has), name).toBeLessThan(50);
    }
    const requests = plans.flatMap(({ operators }) => operators.flatMap((one) => one.requests));
    const kinds = new Set(requests.map(({ request }) => request.kind));
    expect(kinds).toEqual(new Set(['changeMembership', 'transferLeadership', 'takeSnapshot']));
    for (const plan of plans) {
      const { config } = plan.cluster;
      if (config.reads !== 'lease') continue;
      expect(config.checkQuorum).toBe(true);
      expect(kindsOf(plan.faults)).not.toContain('elapse');
    }
  });

  test('one server at a time: a request never asks for more', () => {
    const oneByOne = plans.filter(({ cluster }) => cluster.config.membership === 'singleServer');
    let count = 0;
    for (const { cluster, operators } of oneByOne) {
      for (const { requests } of operators) {
        let voters = Array.from({ length: cluster.size }, (_, i) => i + 1);
        for (const { request } of requests) {
          if (request.kind !== 'changeMembership') continue;
          const next = [...request.voters];
          const changed = [
            ...voters.filter((node) => !next.includes(node)),
            ...next.filter((node) => !voters.includes(node)),
          ];
          expect(changed.length).toBeLessThanOrEqual(1);
          voters = next;
          count += changed.length;
        }
      }
    }
    expect(count).toBeGreaterThan(30);
  });

  test('a wiped server is nobody’s hope any more, and somebody takes its place', () => {
    const wiped = plansOf('membership', 300).flatMap((plan) =>
      plan.faults.flatMap(({ what }) => (what.do === 'wipe' ? [{ plan, node: what.node }] : [])),
    );
    expect(wiped.length).toBeGreaterThan(5);
    for (const { plan, node } of wiped) {
      expect(plan.phases.core).not.toContain(node);
      const { request } = plan.operators[0]!.requests.at(-1)!;
      expect(request.kind === 'changeMembership' && request.voters).not.toContain(node);
    }
  });

  test('options of the servers, off and on', () => {
    const config = ({ cluster }: Plan) => cluster.config;
    for (const isOn of [
      (plan: Plan) => config(plan).groupCommit,
      (plan: Plan) => config(plan).persistCommitIndex,
      (plan: Plan) => config(plan).applyBatchMax < 10,
      ({ cluster }: Plan) => cluster.stateMachine === 'durable',
      ({ disk }: Plan) => disk.noticeUsMax > 0,
      ({ network }: Plan) => network.graveyardPpm > 0,
      ({ workload }: Plan) => !workload.followRedirects,
    ]) {
      expect(share(isOn)).toBeGreaterThan(15);
      expect(share(isOn)).toBeLessThan(50);
    }
    expect(share(({ disk }) => disk.failPpm > 0)).toBeGreaterThan(5);
    expect(share(({ cluster }) => cluster.restartAfterHaltUs !== null)).toBeGreaterThan(60);
  });

  test('some crashes strike a server again soon after it is back', () => {
    const isDouble = ({ faults }: Plan) =>
      faults.some(({ when, what }, i) => {
        const next = faults[i + 1];
        return 'atUs' in when && what.do === 'crash' && next !== undefined && next.what === what;
      });
    expect(share(isDouble)).toBeGreaterThan(1);
  });

  test('every plan is settled in the end, six of ten with all servers', () => {
    expect(share(({ phases }) => phases.settle)).toBe(100);
    const all = share(({ phases, cluster }) => phases.core.length === cluster.size);
    expect(all).toBeGreaterThan(50);
    expect(all).toBeLessThan(75);
    for (const { phases, cluster } of plans) {
      expect(phases.core.length).toBeGreaterThan(cluster.size / 2);
    }
  });

  test('a minority at most is lost until the heal', () => {
    for (const { faults, cluster } of plans) {
      const lasting = faults.filter(
        ({ what }) =>
          ('restartUs' in what && what.restartUs === null) ||
          ('forUs' in what && what.forUs === null),
      );
      expect(lasting.length).toBeLessThan(Math.max(1, cluster.size / 2));
    }
  });
});

describe('partitions', () => {
  test('every one blocks something and leaves something', () => {
    const draw = openDraw('1', 'partition');
    for (let size = 2; size <= 7; size += 1) {
      const seen = new Set<string>();
      for (let i = 0; i < 300; i += 1) {
        const links = drawPartition(draw, size);
        const names = links.map(([from, to]) => `${from}>${to}`);
        expect(new Set(names).size).toBe(names.length);
        expect(links.length).toBeGreaterThan(0);
        for (const [from, to] of links) {
          expect(from).not.toBe(to);
          expect(Math.min(from, to)).toBeGreaterThanOrEqual(1);
          expect(Math.max(from, to)).toBeLessThanOrEqual(size);
        }
        seen.add(names.join());
      }
      expect(seen.size).toBeGreaterThanOrEqual(3);
    }
  });

  test('in a small cluster, all of them', () => {
    const draw = openDraw('1', 'partition');
    const three = new Set(Array.from({ length: 400 }, () => drawPartition(draw, 3).length));
    // One-way 1; mute, deaf and a pair 2; split, isolation and star 4 or 2.
    expect([...three].sort()).toEqual([1, 2, 4]);
  });
});

describe('draws', () => {
  const draw = openDraw('5', 'draws');
  const many = <T>(next: () => T): T[] => Array.from({ length: 20_000 }, next);

  test('evenly between two numbers, without a lean to the small ones', () => {
    const numbers = between(0, 9);
    const counts = Array<number>(10).fill(0);
    for (const number of many(() => draw(numbers))) counts[number]! += 1;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });

  test('evenly on a log scale: each doubling as often', () => {
    const numbers = logBetween(1, 1_000);
    const drawn = many(() => draw(numbers));
    expect(Math.min(...drawn)).toBe(1);
    expect(Math.max(...drawn)).toBeGreaterThan(990);
    for (let octave = 0; octave < 10; octave += 1) {
      const inside = drawn.filter((n) => n >= 2 ** octave && n < 2 ** (octave + 1)).length;
      expect(Math.abs(inside - 2_000)).toBeLessThan(200);
    }
    const one = logBetween(7, 7);
    expect(draw(one)).toBe(7);
  });

  test('a share of the cases', () => {
    const often = percent(86);
    const count = many(() => draw(often)).filter(Boolean).length;
    expect(Math.abs(count - 17_200)).toBeLessThan(400);
  });

  test('some, one and all in another order', () => {
    const items = ['a', 'b', 'c', 'd'];
    const pairs = new Set(many(() => drawSome(draw, items, 2).join('')));
    expect([...pairs].sort()).toEqual(['ab', 'ac', 'ad', 'bc', 'bd', 'cd']);
    expect(new Set(many(() => drawOne(draw, items))).size).toBe(4);
    expect(new Set(many(() => drawOrder(draw, items).join(''))).size).toBe(24);
  });

  test('seeds next to each other have nothing in common', () => {
    const numbers = between(0, 99);
    const first = Array.from({ length: 2_000 }, (_, i) => openDraw(String(i), 'x')(numbers));
    const equal = first.filter((number, i) => i > 0 && number === first[i - 1]).length;
    expect(equal).toBeLessThan(45);
    expect(new Set(first).size).toBe(100);
  });
});

test('every knob has a sentence', () => {
  for (const section of Object.values(GENERATOR_KNOBS)) {
    for (const sentence of Object.values(section)) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
  }
  expect(Object.keys(GENERATOR_KNOBS['partitions']!)).toEqual(Object.keys(partitionKnobs));
});

test('a plan takes well below a millisecond', () => {
  const began = performance.now();
  for (let seed = 0; seed < 2_000; seed += 1) generatePlan(String(seed));
  expect((performance.now() - began) / 2_000).toBeLessThan(1);
});
