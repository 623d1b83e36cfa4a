import { describe, expect, test } from 'vitest';
import { DEFAULT_PLAN, loadPlan } from '../../sim/load-plan.ts';
import { UsageError } from '../../sim/usage-error.ts';

/** The one sentence that bad input gets. */
function complaint(text: string, name = 'p.yaml'): string {
  try {
    loadPlan(text, name);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).exitCode).toBe(2);
    return (error as Error).message;
  }
  throw new Error('the plan was taken');
}

const crash = '  what: {do: crash, node: 1}';

describe('good input', () => {
  test('JSON and YAML mean the same', () => {
    const yaml =
      '# by hand\nseed: "7"\nfaults:\n- when: {atUs: 5}\n  what: {do: pause, node: 2, forUs: 9}\n';
    const json =
      '{"seed":"7","faults":[{"when":{"atUs":5},"what":{"do":"pause","node":2,"forUs":9}}]}';
    expect(loadPlan(yaml, 'p.yaml')).toEqual(loadPlan(json, 'p.json'));
    expect(loadPlan(json, 'p.yaml')).toEqual(loadPlan(json, 'p.json'));
    expect(loadPlan(yaml, '-')).toEqual(loadPlan(json, '-'));
  });

  test('an editor may be told the schema', () => {
    expect(loadPlan('{"$schema":"./plan.schema.json"}', 'p.json')).toEqual(DEFAULT_PLAN);
  });

  test('a file that says nothing is the plan that says nothing', () => {
    for (const text of ['', '# nothing yet\n', '{}']) {
      expect(loadPlan(text, 'p.yaml')).toEqual(DEFAULT_PLAN);
    }
  });

  test('a mark of the encoding is no part of the text', () => {
    expect(loadPlan('\uFEFF{"seed":"7"}', 'p.json').seed).toBe('7');
    expect(loadPlan('\uFEFFseed: "7"', 'p.yaml').seed).toBe('7');
    expect(complaint('\uFEFFseed: 7')).toContain('(seed, p.yaml:1:1)');
  });

  test('a saved plan comes back', () => {
    expect(loadPlan(JSON.stringify(DEFAULT_PLAN), 'p.json')).toEqual(DEFAULT_PLAN);
  });
});

describe('text that is no plan', () => {
  test.each([
    ['{"a":1', 'p.json', /^Expected a plan in JSON, got something else \(p\.json:1:7\): .+\.$/],
    [
      '{\n"a":1,}',
      'p.json',
      /^Expected a plan in JSON, got something else \(p\.json:2:\d\): .+\.$/,
    ],
    [
      'a: [1',
      'p.yaml',
      /^Expected a plan in JSON or YAML, got something else \(p\.yaml:1:6\): .+\.$/,
    ],
    ['a: 1\na: 2', 'p.yaml', /\(p\.yaml:2:1\): Map keys must be unique\.$/],
    ['- 1', 'p.yaml', /^Expected a group of keys \(versions, .+\), got \[1\] \(p\.yaml:1:1\)\.$/],
    ['null', 'p.yaml', /^Expected a group of keys \(versions, .+\), got null \(p\.yaml:1:1\)\.$/],
    ['', 'p.json', /^Expected a plan in JSON, got something else \(p\.json:1:1\): .+\.$/],
    [
      'seed: "1"\nphases: !!js/function "x"',
      'p.yaml',
      /^Expected a plan in JSON or YAML, got something else \(p\.yaml:2:9\): Unresolved tag: .+\.$/,
    ],
  ])('%j', (text, name, sentence) => {
    expect(complaint(text, name)).toMatch(sentence);
  });

  test('aliases that grow without end', () => {
    const doubling = Array.from({ length: 30 }, (_, i) => `l${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    const text = ['l: &a-1 [1]', ...doubling].join('\n');
    expect(complaint(text)).toMatch(
      /^Expected a plan, got YAML that has no value \(p\.yaml\): .+\.$/,
    );
  });

  test('nesting without end', () => {
    const deep = `{"faults":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    expect(complaint(deep, 'p.json')).toMatch(/^Expected .+ \(faults\[0\].+\)\.$/);
  });
});

describe('keys', () => {
  test('an unknown one, with the nearest that exists', () => {
    expect(complaint('seed: a\nclustr: {size: 3}')).toBe(
      'Expected a key out of versions, seed, cluster, network, disk, workload, phases, faults, ' +
        'decisions, timers, operators, clocks, images, eventsMax, got "clustr" (clustr, p.yaml:2:1). ' +
        'Did you mean "cluster"?',
    );
    expect(complaint(`faults:\n- when: {on: leader, nod: 1}\n${crash}`)).toBe(
      'Expected a key out of on, node, nth, count, got "nod" (faults[0].when.nod, p.yaml:2:22). ' +
        'Did you mean "node"?',
    );
  });

  test('an unknown one where two shapes are possible', () => {
    expect(complaint(`faults:\n- when: {at: 4}\n${crash}`)).toBe(
      'Expected a key out of atUs, on, node, nth, count, got "at" ' +
        '(faults[0].when.at, p.yaml:2:10). Did you mean "atUs"?',
    );
  });

  test('one that belongs to another fault', () => {
    expect(complaint('faults:\n- when: {atUs: 1}\n  what: {do: restart, node: 1, forUs: 3}')).toBe(
      'Expected a key out of do, node, got "forUs" (faults[0].what.forUs, p.yaml:3:32).',
    );
  });

  test('a missing one', () => {
    expect(complaint('faults:\n- when: {atUs: 1}\n  what: {do: pause, node: 1}')).toBe(
      'Expected a whole number from 1 to 1000000000000, got nothing ' +
        '(faults[0].what.forUs, p.yaml:3:3).',
    );
    expect(complaint('faults:\n- when: {atUs: 1}')).toBe(
      'Expected a group of keys (do, …), got nothing (faults[0].what, p.yaml:2:3).',
    );
    expect(complaint('faults:\n- when: {atUs: 1}\n  what: {node: 1}')).toContain(
      ', got nothing (faults[0].what.do, p.yaml:3:3).',
    );
  });
});

describe('values', () => {
  test.each([
    ['cluster: {size: 8}', 'a whole number from 1 to 7, got 8 (cluster.size, p.yaml:1:11).'],
    [
      'cluster: {size: three}',
      'a whole number from 1 to 7, got "three" (cluster.size, p.yaml:1:11).',
    ],
    [
      'network: {lossPpm: 0.5}',
      'a whole number from 0 to 1000000, got 0.5 (network.lossPpm, p.yaml:1:11).',
    ],
    [
      'cluster: 3',
      'a group of keys (size, spares, config, stateMachine, restartAfterHaltUs, sessionExpiryMs), got 3 (cluster, p.yaml:1:1).',
    ],
    ['faults: {}', 'a list of 0 to 10000 items, got {} (faults, p.yaml:1:1).'],
    ['seed: 5', 'text of 1 to 100 characters, in quotes, got 5 (seed, p.yaml:1:1).'],
    ['phases: {settle: yes}', 'true or false, got "yes" (phases.settle, p.yaml:1:10).'],
    [
      'phases: {rest: ded}',
      'one of dead, cut, got "ded" (phases.rest, p.yaml:1:10). Did you mean "dead"?',
    ],
  ])('%s', (text, sentence) => {
    expect(complaint(text)).toBe(`Expected ${sentence}`);
  });

  test.each([
    [
      '{do: crsh}',
      'one of wipe, crash, restart, pause, block, isolate, unblock, elapse, ' +
        'exhume, clog, interfere, stall, slow, failWrites, outrun, got "crsh" (faults[0].what.do, p.yaml:3:10). Did you mean "crash"?',
    ],
    [
      '{do: crash, node: 1, keep: zero}',
      'one of none, drawn, all, got "zero" (faults[0].what.keep, p.yaml:3:30).',
    ],
    [
      '{do: crash, node: 1, restartUs: soon}',
      'a whole number from 0 to 1000000000000 or null, got "soon" (faults[0].what.restartUs, p.yaml:3:30).',
    ],
    [
      '{do: block, links: [[1]]}',
      'a pair [from, to], got [1] (faults[0].what.links[0], p.yaml:3:29).',
    ],
    [
      '{do: block, links: [[1, 9]]}',
      'a whole number from 1 to 7, got 9 (faults[0].what.links[0][1], p.yaml:3:33).',
    ],
  ])('a fault that does %s', (what, sentence) => {
    expect(complaint(`faults:\n- when: {atUs: 1}\n  what: ${what}`)).toBe(`Expected ${sentence}`);
  });

  test('a fact that does not exist', () => {
    expect(complaint(`faults:\n- when: {on: leder}\n${crash}`)).toMatch(
      /^Expected one of leader, .+, got "leder" \(faults\[0\]\.when\.on, p\.yaml:2:10\)\. Did you mean "leader"\?$/,
    );
    expect(complaint(`faults:\n- when: 4\n${crash}`)).toBe(
      'Expected a group of keys (atUs or on, …), got 4 (faults[0].when, p.yaml:2:3).',
    );
  });

  test('a broken rule has a line too', () => {
    expect(complaint('faults:\n- when: {atUs: 1}\n  what: {do: restart, node: 5}')).toBe(
      'Expected a server of this cluster (1 to 3), got 5 (faults[0].what.node, p.yaml:3:23).',
    );
  });

  test('JSON has lines as well', () => {
    expect(complaint('{\n  "cluster": {\n\t"size": 9 }\n}', 'p.json')).toContain(
      '(cluster.size, p.json:3:2)',
    );
  });
});

test('a later version of the format explains everything else', () => {
  expect(complaint('versions: {schema: 4}\nfoo: 3')).toBe(
    'Expected a plan of schema version 3 or earlier, which is what this program reads, ' +
      'got one of schema version 4 (versions.schema, p.yaml:1:12).',
  );
});

test.each([1, 2])('a plan of version %i of the format means what it did', (version) => {
  const made = `{schema: ${version}, generator: 1, engine: 1}`;
  const text = `versions: ${made}\ncluster: {size: 5}`;
  const { versions, ...plan } = loadPlan(text, 'p.yaml');
  const { versions: _, ...same } = loadPlan('cluster: {size: 5}', 'p.yaml');
  expect(versions).toEqual({ schema: 3, generator: 1, engine: 1 });
  expect(plan).toEqual(same);
  expect(plan.cluster).toMatchObject({ stateMachine: 'volatile', restartAfterHaltUs: null });
  expect(plan.network.graveyardPpm).toBe(0);
  expect(plan.disk).toMatchObject({ noticeUsMax: 0, failPpm: 0 });
  expect(plan.workload).toMatchObject({ followRedirects: true, sessions: false, casPpm: 0 });
  expect(plan.cluster).toMatchObject({ spares: 0, sessionExpiryMs: 0 });
  const { preVote, checkQuorum, reads, snapshotEntries, logTime } = plan.cluster.config;
  expect([preVote, checkQuorum, reads, snapshotEntries, logTime]).toEqual([
    false,
    false,
    'log',
    0,
    false,
  ]);
  expect([plan.operators, plan.clocks]).toEqual([[], []]);
});
