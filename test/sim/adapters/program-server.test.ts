import { describe, expect, test } from 'vitest';
import { at, only, planOf } from '../kernel/probe.ts';
import { course, host, ofKind, toldTo } from './fake-programs.ts';

const ask = (atMs: number, node: number, ...ops: string[]) => ({ atUs: atMs * 1_000, node, ops });
const crash = (node: number, keep: 'none' | 'all' = 'all') =>
  ({ do: 'crash', node, keep, restartUs: 5_000 }) as const;

describe('what a program is told', () => {
  test('who it is, who takes part, and what survived', () => {
    const plan = planOf({ cluster: { spares: 1 }, faults: [at(20_000, crash(2))] });
    const hosted = host(plan, { durability: 'explicit' }, ({ kind }) =>
      kind === 'start' ? [{ kind: 'persist', id: 1, write: { put: { term: 3 } } }] : [],
    );
    const starts = ofKind(hosted, 'start').map(({ event }) => event);
    expect(
      starts.map(({ self, index, members, boot, durable }) => [
        self,
        index,
        members,
        boot,
        durable,
      ]),
    ).toEqual([
      ['n1', 0, ['n1', 'n2', 'n3'], 0, null],
      ['n2', 1, ['n1', 'n2', 'n3'], 0, null],
      ['n3', 2, ['n1', 'n2', 'n3'], 0, null],
      ['n4', 3, [], 0, null],
      [
        'n2',
        1,
        ['n1', 'n2', 'n3'],
        1,
        { main: { values: { term: 3 }, firstIndex: 1, entries: [] } },
      ],
    ]);
    expect(starts[0]!.config).toEqual({ maxDriftPpm: 0, snapshotEvery: null });
    expect(new Set(starts.map(({ seed }) => seed)).size).toBe(5);
  });

  test('messages, timers and writes that are safe', () => {
    const hosted = host(planOf(), { durability: 'explicit' }, (event, { node }) => {
      if (event.kind !== 'start' || node !== 1) return [];
      return [
        { kind: 'send', to: 'n2', body: { hello: [1, null, 'x'] }, about: 'a greeting' },
        { kind: 'setTimer', name: 'wake', minMs: 7 },
        { kind: 'persist', id: 4, write: { append: ['entry'] } },
      ];
    });
    expect(toldTo(hosted, 2).at(-1)).toEqual({
      kind: 'message',
      from: 'n1',
      body: { hello: [1, null, 'x'] },
    });
    expect(toldTo(hosted, 1).slice(1)).toEqual([
      { kind: 'persisted', id: 4 },
      { kind: 'timer', name: 'wake' },
    ]);
  });

  test('requests one by one, their ops with the name of the command', () => {
    const plan = planOf({ workload: { script: [ask(5, 1, 'put x 1', 'get x')] } });
    const requests = ofKind(
      host(plan, {}, () => []),
      'request',
    ).map(({ event }) => event);
    expect(requests).toMatchObject([
      {
        id: 'c101.1/1',
        command: { clientId: 'c101', seq: 1, op: 'put x 1 c101.1' },
        readOnly: false,
      },
      { id: 'c101.2/1', command: { clientId: 'c101', seq: 2, op: 'get x c101.2' }, readOnly: true },
    ]);
  });

  test('requests in one event, for a program that takes batches', () => {
    const plan = planOf({ workload: { script: [ask(5, 1, 'put x 1', 'get x')] } });
    const hosted = host(plan, { requestBatches: true }, () => []);
    expect(ofKind(hosted, 'requests').map(({ event }) => event.requests.length)).toEqual([2]);
  });

  test('what operators ask for, under ids that can be answered', () => {
    const requests = [
      { kind: 'changeMembership', voters: [1, 2], learners: [3] },
      { kind: 'transferLeadership', to: 2 },
      { kind: 'takeSnapshot' },
    ] as const;
    const operators = [
      {
        requests: requests.map((request) => ({ atUs: 1_000, node: 1, request })),
        timeoutUs: 500_000,
      },
    ];
    const hosted = host(planOf({ operators }), {}, (event) =>
      event.kind === 'admin' ? [{ kind: 'respond', id: event.id, outcome: 'ok' }] : [],
    );
    expect(ofKind(hosted, 'admin').map(({ event }) => [event.id, event.change])).toEqual([
      ['o1.1#1', { members: ['n1', 'n2'], learners: ['n3'] }],
      ['o1.2#1', { transferTo: 'n2' }],
      ['o1.3#1', { takeSnapshot: true }],
    ]);
  });
});

describe('timers', () => {
  test('are rounded up to the quantum of a program that polls', () => {
    const hosted = host(planOf(), { pollMs: 10 }, ({ kind }) =>
      kind === 'start'
        ? [
            { kind: 'setTimer', name: 'a', minMs: 11, maxMs: 20 },
            { kind: 'setTimer', name: 'b', minMs: 1 },
            { kind: 'setTimer', name: 'c', minMs: 0, maxMs: 30 },
          ]
        : [],
    );
    expect(course(hosted, 1, 'timerSet')).toEqual([
      '0 timerSet a 20 20',
      '0 timerSet b 10 10',
      '0 timerSet c 0 30',
    ]);
  });
});

describe('what is applied', () => {
  const applying = (ops: (boot: number) => readonly string[]) => {
    const plan = planOf({
      workload: { script: [ask(5, 1, 'put x 1', 'put x 2', 'get x')] },
      faults: [at(20_000, crash(1))],
    });
    return host(plan, {}, (event, { node, boot }) => {
      const isTime = boot === 0 ? event.kind === 'request' && event.id === 'c101.3/1' : node === 1;
      return isTime ? ops(boot).map((op, i) => ({ kind: 'apply', op, index: 10 * i })) : [];
    });
  };

  test('counts from 1 in each life, whatever the indexes of the program', () => {
    const hosted = applying(() => ['put x 1 c101.1', 'put x 2 c101.2']);
    expect(course(hosted, 1, 'applied', 'crashed')).toEqual([
      '5 applied 1 put x 1',
      '5 applied 2 put x 2',
      '20 crashed',
      '25 applied 1 put x 1',
      '25 applied 2 put x 2',
    ]);
  });

  test('is passed on as it is when nobody was asked for it', () => {
    const hosted = applying((boot) => (boot === 0 ? ['put x 3 c101.1', 'nonsense'] : []));
    const commands = only(hosted, 'applied').map(({ entry }) => entry.command);
    expect(commands).toEqual([
      { clientId: 101, seq: 1, op: 'put x 3' },
      { clientId: 0, seq: 0, op: 'nonsense' },
    ]);
  });

  test('leaves out what the program has skipped', () => {
    const hosted = host(
      planOf({ workload: { script: [ask(5, 1, 'put x 1', 'put x 2')] } }),
      { requestBatches: true },
      ({ kind }) =>
        kind === 'requests'
          ? [
              { kind: 'apply', op: 'put x 1 c101.1', skipped: true },
              { kind: 'apply', op: 'put x 2 c101.2' },
            ]
          : [],
    );
    expect(course(hosted, 1, 'applied')).toEqual(['5 applied 1 put x 2']);
  });

  test('what the bench has applied is what a read gets, for a program without a store', () => {
    const hosted = reading({}, [{ kind: 'respond', id: 'c101.2/1', outcome: 'ok' }]);
    expect(only(hosted, 'returned').map(({ outcome, value }) => [outcome, value])).toEqual([
      ['ok', '1'],
    ]);
  });

  test('what a program with a store answers is what a read gets', () => {
    const respond = { kind: 'respond', id: 'c101.2/1', outcome: 'ok', value: 'mine' };
    const hosted = reading({ stateMachine: 'own' }, [respond]);
    expect(only(hosted, 'returned').map(({ value }) => value)).toEqual(['mine']);
  });

  test('a program with a store must say what a read has found', () => {
    const hosted = reading({ stateMachine: 'own' }, [
      { kind: 'respond', id: 'c101.2/1', outcome: 'ok' },
    ]);
    expect(hosted.result.failure!.message).toBe(
      'line 4 (request c101.2/1): action 3 (respond): "value" is missing: with the state machine ' +
        '"own", the answer to a read says what it found, null for nothing',
    );
  });

  function reading(capabilities: Readonly<Record<string, unknown>>, actions: readonly unknown[]) {
    const plan = planOf({ workload: { script: [ask(5, 1, 'put x 1', 'get x')] } });
    return host(plan, capabilities, (event) =>
      event.kind === 'request' && event.readOnly
        ? [
            { kind: 'apply', op: 'put x 1 c101.1' },
            { kind: 'apply', op: 'get x c101.2' },
            ...actions,
          ]
        : [],
    );
  }

  test('anybody may answer whom nobody has asked: requests may be passed on', () => {
    const plan = planOf({ workload: { script: [ask(5, 1, 'get x')] } });
    const hosted = host(plan, {}, (event) => {
      if (event.kind === 'request') return [{ kind: 'send', to: 'n2', body: event.id }];
      if (event.kind !== 'message') return [];
      return [{ kind: 'respond', id: event.body, outcome: 'ok' }];
    });
    expect(only(hosted, 'returned').map(({ outcome }) => outcome)).toEqual(['ok']);
  });
});

describe('snapshots', () => {
  test('stand for a place in the sequence, and what follows goes on behind it', () => {
    let ref = '';
    const plan = planOf({
      workload: { script: [ask(5, 1, 'put x 1', 'put x 2', 'put x 3')] },
      faults: [at(20_000, crash(1))],
    });
    const hosted = host(
      plan,
      { snapshots: true, requestBatches: true },
      (event, { node, boot }) => {
        if (event.kind === 'snapshotTaken') ref = event.ref;
        if (event.kind === 'requests') {
          return [
            { kind: 'apply', op: 'put x 1 c101.1' },
            { kind: 'apply', op: 'put x 2 c101.2' },
            { kind: 'takeSnapshot', index: 77 },
          ];
        }
        if (event.kind !== 'start' || boot === 0 || node !== 1) return [];
        return [
          { kind: 'restore', index: 77, ref },
          { kind: 'apply', op: 'put x 3 c101.3' },
        ];
      },
    );
    expect(ofKind(hosted, 'snapshotTaken').map(({ event }) => event.index)).toEqual([77]);
    expect(ref.startsWith('2:{')).toBe(true);
    expect(course(hosted, 1, 'applied', 'restored')).toEqual([
      '5 applied 1 put x 1',
      '5 applied 2 put x 2',
      `25 restored 2 ${ref.slice(2)}`,
      '25 applied 3 put x 3',
    ]);
    expect(only(hosted, 'snapshotAsked').map(({ index }) => index)).toEqual([2]);
  });

  test('that nobody has handed out cannot be restored', () => {
    const hosted = host(planOf(), { snapshots: true }, ({ kind }) =>
      kind === 'start' ? [{ kind: 'restore', index: 1, ref: '1:{}' }] : [],
    );
    expect(hosted.result.failure).toMatchObject({
      kind: 'PROTOCOL',
      message:
        'line 2 (start): action 1 (restore): "ref" is "1:{}" (4 characters), which no snapshotTaken ' +
        'event has brought; put the chunks of a snapshot together exactly as they were',
    });
  });
});

describe('durability', () => {
  /** Writes 1, sends to n2, writes 2 and sends to n3, and sets a timer. */
  const actions = [
    { kind: 'persist', id: 1, write: { append: ['a', 'b', 'c', 'd'] } },
    { kind: 'send', to: 'n2', body: 1 },
    { kind: 'persist', id: 2, write: { put: { k: 1 } } },
    { kind: 'send', to: 'n3', body: 2 },
    { kind: 'setTimer', name: 'late', minMs: 900 },
  ];
  const kinds = ['sent', 'persistIssued', 'persisted', 'timerSet', 'crashed'] as const;
  const writing = (durability: string, faults: Parameters<typeof planOf>[0] = {}) =>
    host(
      planOf({ disk: { latencyUsMin: 2_000, latencyUsMax: 2_000 }, ...faults }),
      { durability },
      (event, { node, boot }) =>
        event.kind === 'start' && node === 1 && boot === 0 ? actions : [],
    );

  test('explicit: nothing waits, and persisted tells', () => {
    const hosted = writing('explicit');
    expect(course(hosted, 1, ...kinds)).toEqual([
      '0 persistIssued 1',
      '0 sent n2',
      '0 persistIssued 2',
      '0 sent n3',
      '0 timerSet late 900 900',
      '2 persisted 1',
      '4 persisted 2',
    ]);
    expect(ofKind(hosted, 'persisted').map(({ event }) => event.id)).toEqual([1, 2]);
  });

  test('barrier: what comes behind a write waits for it, but for timers, and nobody is told', () => {
    const hosted = writing('barrier');
    expect(course(hosted, 1, ...kinds)).toEqual([
      '0 persistIssued 1',
      '0 timerSet late 900 900',
      '2 persisted 1',
      '2 sent n2',
      '2 persistIssued 2',
      '4 persisted 2',
      '4 sent n3',
    ]);
    expect(ofKind(hosted, 'persisted')).toEqual([]);
  });

  test('barrier: a crash loses what waits, and answers to later events wait as well', () => {
    const hosted = host(
      planOf({
        disk: { latencyUsMin: 2_000, latencyUsMax: 2_000 },
        faults: [at(1_500, crash(1, 'none'))],
      }),
      { durability: 'barrier' },
      (event, { node, boot }) => {
        if (node !== 1 || boot > 0) return [];
        if (event.kind === 'start')
          return [...actions, { kind: 'setTimer', name: 'soon', minMs: 1 }];
        return [{ kind: 'send', to: 'n3', body: 'too early' }];
      },
    );
    expect(ofKind(hosted, 'timer').map(({ event }) => event.name)).toEqual(['soon']);
    expect(only(hosted, 'sent')).toEqual([]);
    expect(ofKind(hosted, 'start').at(-1)!.event.durable).toBe(null);
  });

  test('barrier: a fault may strike between two actions that have waited', () => {
    const trigger = { on: 'action', node: 1, nth: 4, count: 0 } as const;
    const hosted = writing('barrier', { faults: [{ when: trigger, what: crash(0) }] });
    // The write, the timer and the first message are carried out; the second write is not.
    expect(course(hosted, 1, ...kinds)).toEqual([
      '0 persistIssued 1',
      '0 timerSet late 900 900',
      '2 persisted 1',
      '2 sent n2',
      '2 crashed',
    ]);
    const image = ofKind(hosted, 'start').at(-1)!.event.durable!;
    expect(image['main']).toEqual({ values: {}, firstIndex: 1, entries: ['a', 'b', 'c', 'd'] });
  });

  test('barrier: a server whose disk fails stops, and that is no fault of its own', () => {
    const hosted = writing('barrier', {
      faults: [at(0, { do: 'failWrites', node: 1, stream: null, forUs: 10_000 })],
      cluster: { restartAfterHaltUs: 3_000 },
    });
    expect(only(hosted, 'halted').map(({ n, t }) => [n, t])).toEqual([[1, 4_000]]);
    expect(hosted.result.failure).toBe(null);
    expect(ofKind(hosted, 'start').at(-1)!.event.durable!['main']!.values).toEqual({});
  });

  test('immediate: a write is safe once it is carried out, and nobody is told', () => {
    const trigger = { on: 'action', node: 1, nth: 4, count: 0 } as const;
    const hosted = writing('immediate', { faults: [{ when: trigger, what: crash(0, 'none') }] });
    expect(course(hosted, 1, ...kinds)).toEqual([
      '0 persistIssued 1',
      '0 sent n2',
      '0 persistIssued 2',
      '0 crashed',
    ]);
    const image = ofKind(hosted, 'start').at(-1)!.event.durable!;
    expect(image['main']).toEqual({
      values: { k: 1 },
      firstIndex: 1,
      entries: ['a', 'b', 'c', 'd'],
    });
  });

  test('none: there is nothing to persist', () => {
    expect(writing('none').result.failure!.message).toContain(
      'line 2 (start): action 1 (persist): there is nothing to persist with the durability "none"',
    );
  });

  test('an append may survive in part, and is never more than a prefix', () => {
    const lengths = new Set<number>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const hosted = writing('explicit', {
        seed: `torn ${seed}`,
        faults: [at(1_000, { do: 'crash', node: 1, keep: 'drawn', restartUs: 1_000 })],
      });
      const entries = ofKind(hosted, 'start').at(-1)!.event.durable?.['main']?.entries ?? [];
      expect(['a', 'b', 'c', 'd'].slice(0, entries.length)).toEqual(entries);
      lengths.add(entries.length);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test('lists are cut, overwritten and compacted at their own places', () => {
    const writes = [
      { append: ['a', 'b', 'c', 'd', 'e'] },
      { compactTo: 2 },
      { truncateFrom: 5 },
      { overwrite: { index: 4, entries: ['D', 'E'] } },
      { put: { k: 1, l: 2 } },
      { put: { k: 3 } },
    ];
    const plan = planOf({ faults: [at(50_000, crash(1))] });
    const hosted = host(plan, { durability: 'explicit' }, (event, { node, boot }) =>
      event.kind === 'start' && node === 1 && boot === 0
        ? writes.map((write, i) => ({ kind: 'persist', id: i + 1, stream: 'log', write }))
        : [],
    );
    expect(ofKind(hosted, 'start').at(-1)!.event.durable).toEqual({
      log: { values: { k: 3, l: 2 }, firstIndex: 3, entries: ['c', 'D', 'E'] },
    });
  });
});

describe('halt', () => {
  const halting = (capabilities: object, sections: Parameters<typeof planOf>[0], when: string) =>
    host(planOf(sections), { durability: 'explicit', ...capabilities }, (event, { node }) => {
      if (node !== 1) return [];
      if (event.kind === when) return [{ kind: 'halt', reason: 'broken' }];
      return event.kind === 'start' ? [{ kind: 'persist', id: 1, write: { put: {} } }] : [];
    });

  test('without a write that has failed ends the run', () => {
    const { result } = halting({}, {}, 'persisted');
    expect(result.verdict).toBe('exception');
    expect(result.failure).toMatchObject({
      kind: 'HALT',
      node: 1,
      message:
        'line 3 (persisted 1): action 1 (halt): stopped itself (broken), though none of its writes had failed',
    });
  });

  test('behind a write that has failed is as it should be', () => {
    const { result } = halting({}, { disk: { failPpm: 1_000_000 } }, 'persistFailed');
    expect(result.failure).toBe(null);
  });
});

describe('what only the run can show to be wrong', () => {
  const failing = (...actions: readonly unknown[]) => {
    const plan = planOf({ workload: { script: [ask(5, 1, 'put x 1')] } });
    return host(plan, { durability: 'explicit' }, ({ kind }) => (kind === 'request' ? actions : []))
      .result.failure!;
  };
  const persist = (id: number, more: object = {}) => ({
    kind: 'persist',
    id,
    write: { put: {} },
    ...more,
  });
  const cases: readonly [string, readonly unknown[], string][] = [
    [
      'a server that is not there',
      [{ kind: 'send', to: 'n5', body: 1 }],
      'action 1 (send): "to" is n5, and the servers of this run are n1 to n3',
    ],
    [
      'a message to oneself',
      [{ kind: 'send', to: 'n1', body: 1 }],
      'action 1 (send): "to" is n1, which is this server itself',
    ],
    [
      'a write id that does not rise',
      [persist(2), persist(2)],
      'action 2 (persist): "id" must rise within a life: it is 2, and the last was 2',
    ],
    [
      'a write behind one that is not there',
      [persist(2), persist(3, { after: 1 })],
      'action 2 (persist): "after" is 1, which is no write of this life; the last was 2',
    ],
    [
      'a hole in a list',
      [persist(1, { write: { overwrite: { index: 3, entries: [1] } } })],
      'action 1 (persist): "write.overwrite.index" is 3, and the list "main" ends at 0',
    ],
    [
      'an id that is nobody’s',
      [{ kind: 'respond', id: 'c101.1', outcome: 'ok' }],
      'action 1 (respond): no request has the id "c101.1"; did you mean "c101.1/1"?',
    ],
    [
      'a second answer',
      [1, 2].map(() => ({ kind: 'respond', id: 'c101.1/1', outcome: 'ok' })),
      'action 2 (respond): "c101.1/1" was answered by this server before; one answer for each',
    ],
    [
      'a hint at nobody',
      [{ kind: 'respond', id: 'c101.1/1', outcome: 'redirect', hint: 'n7' }],
      'action 1 (respond): "hint" is n7, and the servers of this run are n1 to n3',
    ],
    [
      'a form that the protocol does not know',
      [
        { kind: 'note', note: 1 },
        { kind: 'setTimer', name: 'a', minMS: 5 },
      ],
      'action 2 (setTimer): field "minMS" is unknown; did you mean "minMs"?',
    ],
  ];

  test.each(cases)('%s', (_what, actions, message) => {
    const failure = failing(...actions);
    expect(failure.kind).toBe('PROTOCOL');
    expect(failure.node).toBe(1);
    expect(failure.message).toContain(message);
    expect(failure.message.startsWith('line 3 (request c101.1/1): action')).toBe(true);
  });

  test('names of timers that are numbers', () => {
    const timers = Array.from({ length: 1_001 }, (_, i) => ({
      kind: 'setTimer',
      name: `t${i}`,
      minMs: 1,
    }));
    expect(failing(...timers)).toMatchObject({ kind: 'LIMIT' });
  });
});

test('a plan that the protocol has no words for is refused', () => {
  const plan = planOf({ workload: { sessions: true } });
  expect(() => host(plan, {}, () => [])).toThrow('This plan is not for programs: it has sessions.');
});
