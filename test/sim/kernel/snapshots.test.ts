/** Snapshots that the host makes of a state machine, and state machines that become a snapshot. */
import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../../core/contract.ts';
import { KeyValueStore } from '../../../core/state-machine.ts';
import type { HostedStateMachine } from '../../../sim/kernel/state-machine.ts';
import { type Answer, ask, operations, serving } from './asking.ts';
import {
  at,
  only,
  planOf,
  type Script,
  ticking,
  watch,
  watchAny,
  watchImplementation,
} from './probe.ts';
import { crashOn } from './trigger-story.ts';

const alone = { ...planOf().cluster, size: 1 };
const quick = { ...planOf().phases, chaosUs: 50_000 };

function put(out: Outbox, index: number, key = 'x0'): void {
  out.apply(index, { term: 1, command: { clientId: 9, seq: index, op: `put ${key} ${index}` } });
}

/** What a snapshot holds of a store with these keys. */
function holding(pairs: Readonly<Record<string, string>>): string {
  const store = new KeyValueStore();
  Object.entries(pairs).forEach(([key, value], i) => {
    store.apply({ clientId: 9, seq: i + 1, op: `put ${key} ${value}` }, i + 1, 0);
  });
  return store.snapshot();
}

/** [ms, index, data] of what a server was brought. */
function brought(watched: Pick<ReturnType<typeof watch>, 'facts'>) {
  return only(watched, 'snapshotTaken').map(({ t, index, data }) => [t / 1_000, index, data]);
}

describe('a snapshot', () => {
  test('shows the state machine as it was when it was asked for, under the index that was given', () => {
    const script = ticking(1, (out, nth) => {
      put(out, nth);
      if (nth === 2) out.takeSnapshot(77);
    });
    const disk = { snapshotUsMin: 5_000, snapshotUsMax: 5_000 };
    const watched = watch(planOf({ cluster: alone, disk, phases: quick }), script);
    const data = watched.seen.flatMap(({ event }) =>
      event.kind === 'snapshotTaken' ? [event] : [],
    );
    expect(data.map(({ now, index }) => [now, index])).toEqual([[7, 77]]);
    const machine = new KeyValueStore();
    machine.restore(data[0]!.data);
    expect(machine.contents()).toEqual([['x0', '2']]);
    expect(brought(watched)).toEqual([[7, 77, data[0]!.data]]);
    expect(only(watched, 'snapshotAsked')).toMatchObject([{ t: 2_000, n: 1, index: 77 }]);
  });

  test('takes a time that is drawn, of a stream of its own for each server', () => {
    const script = ticking(10, (out, nth) => {
      if (nth <= 20) out.takeSnapshot(nth);
    });
    const disk = { snapshotUsMin: 1_000, snapshotUsMax: 4_000 };
    const watched = watch(planOf({ cluster: { size: 2 }, disk }), script);
    const tookUs = (node: number) =>
      only(watched, 'snapshotTaken').flatMap(({ n, t, index }) =>
        n === node ? [t - index * 10_000] : [],
      );
    for (const node of [1, 2]) {
      expect(tookUs(node).length).toBe(20);
      expect(Math.min(...tookUs(node))).toBeGreaterThanOrEqual(1_000);
      expect(Math.max(...tookUs(node))).toBeLessThanOrEqual(4_000);
      expect(new Set(tookUs(node)).size).toBeGreaterThan(15);
    }
    expect(tookUs(1)).not.toEqual(tookUs(2));
  });

  test('comes behind those that were asked for before it', () => {
    const disk = { snapshotUsMin: 1_000, snapshotUsMax: 4_000 };
    const script: Script = (event, out) => {
      if (event.kind === 'start') for (let i = 1; i <= 20; i += 1) out.takeSnapshot(i);
    };
    const watched = watch(planOf({ cluster: alone, disk, phases: { chaosUs: 100_000 } }), script);
    expect(brought(watched).map(([, index]) => index)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    for (const { cause } of only(watched, 'snapshotTaken')) expect(cause).toBe(1);
  });

  test('does not come to a server that has crashed since, nor to its next life', () => {
    const disk = { snapshotUsMin: 5_000, snapshotUsMax: 5_000 };
    const script: Script = (event, out, { boot }) => {
      if (event.kind === 'start') out.takeSnapshot(boot);
    };
    const crash = at(3_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'all' });
    const watched = watch(planOf({ cluster: alone, disk, faults: [crash] }), script);
    expect(brought(watched).map(([ms, index]) => [ms, index])).toEqual([[9, 1]]);
    expect(only(watched, 'snapshotTaken')[0]!.cause).toBe(2);
  });

  test('waits for the end of a pause', () => {
    const disk = { snapshotUsMin: 5_000, snapshotUsMax: 5_000 };
    const script: Script = (event, out) => {
      if (event.kind === 'start') out.takeSnapshot(1);
    };
    const pause = at(3_000, { do: 'pause', node: 1, forUs: 10_000 });
    const watched = watch(planOf({ cluster: alone, disk, faults: [pause] }), script);
    expect(brought(watched).map(([ms]) => ms)).toEqual([13]);
  });

  test('takes no longer than a write once the cluster is healed', () => {
    const disk = { snapshotUsMin: 400_000, snapshotUsMax: 400_000 };
    const script = ticking(10, (out, nth) => {
      if (nth === 10) out.takeSnapshot(10);
    });
    const phases = { chaosUs: 50_000, settle: true };
    const plan = planOf({ cluster: alone, disk, phases, eventsMax: 300 });
    expect(brought(watch(plan, script)).map(([ms]) => ms)).toEqual([125]);
  });

  test('that a server asks for when it has crashed in this step is none', () => {
    const crash = crashOn('action', { nth: 2 });
    const script: Script = (event, out) => {
      if (event.kind === 'start') for (const index of [1, 2]) out.takeSnapshot(index);
    };
    const watched = watch(planOf({ cluster: alone, faults: [crash] }), script);
    expect(only(watched, 'snapshotAsked').map(({ index }) => index)).toEqual([1]);
    expect(brought(watched)).toEqual([]);
  });
});

describe('a state machine that is restored', () => {
  const reading: Answer = ({ id, command }, out) => {
    out.apply(8, { term: 1, command });
    out.respond(id, 'ok', 0);
  };
  const serve = serving(reading);

  test('holds what the snapshot holds, and goes on from there', () => {
    const data = holding({ x0: 'a', x1: 'b' });
    const script: Script = (event, out, me) => {
      if (event.kind === 'start') {
        put(out, 1, 'x2');
        out.restore(6, data);
        put(out, 7, 'x1');
      } else serve(event, out, me);
    };
    const workload = { script: [{ atUs: 5_000, node: 1, ops: ['get x0', 'get x1', 'get x2'] }] };
    const watched = watch(planOf({ cluster: alone, workload }), script);
    expect(operations(watched, 101).map(({ value }) => value)).toEqual(['a', '7', null]);
    expect(only(watched, 'restored')).toMatchObject([{ t: 0, n: 1, index: 6, data }]);
  });
});

describe('a durable state machine that is restored', () => {
  const durable = { ...alone, stateMachine: 'durable' as const };

  test('is after a crash what it was before the restore, then, or since', () => {
    const found = new Set<string>();
    const script: Script = (event, out, { boot }) => {
      if (event.kind === 'start' && boot === 0) {
        put(out, 1);
        put(out, 2);
        out.restore(6, holding({ x0: 'restored' }));
        put(out, 7, 'x1');
        put(out, 8, 'x1');
      }
      if (event.kind === 'start' && boot > 0) out.takeSnapshot(event.applied!);
    };
    for (let seed = 0; seed < 100; seed += 1) {
      const faults = [at(1_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'all' })];
      const plan = planOf({ cluster: durable, phases: quick, faults, seed: String(seed) });
      const [[, index, data]] = brought(watch(plan, script)) as [[number, number, string]];
      const machine = new KeyValueStore();
      machine.restore(data);
      found.add(`${index}: ${JSON.stringify(machine.contents())}`);
    }
    expect([...found].sort()).toEqual([
      '0: []',
      '1: [["x0","1"]]',
      '2: [["x0","2"]]',
      '6: [["x0","restored"]]',
      '7: [["x0","restored"],["x1","7"]]',
      '8: [["x0","restored"],["x1","8"]]',
    ]);
  });

  test('never falls behind the snapshot before the last one', () => {
    const applied = new Set<number>();
    const script: Script = (event, out, { boot }) => {
      if (event.kind !== 'start' || boot > 0) return;
      for (let index = 1; index <= 9; index += 1) {
        put(out, index);
        if (index % 3 === 0) out.takeSnapshot(index);
      }
    };
    for (let seed = 0; seed < 100; seed += 1) {
      const faults = [at(1_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' })];
      const plan = planOf({ cluster: durable, phases: quick, faults, seed: String(seed) });
      applied.add(only(watch(plan, script), 'started')[1]!.applied);
    }
    expect([...applied].sort()).toEqual([6, 7, 8, 9]);
  });

  test('stands at the index that the server says', () => {
    const script: Script = (event, out, { boot }) => {
      if (event.kind !== 'start' || boot > 0) return;
      put(out, 7);
      out.restore(6, holding({ x0: 'a' }));
      // Behind the second of them a crash cannot fall.
      for (const index of [1, 2]) out.takeSnapshot(index);
    };
    const faults = [at(1_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'none' })];
    const watched = watch(planOf({ cluster: durable, faults }), script);
    expect(only(watched, 'started').map(({ applied }) => applied)).toEqual([0, 6]);
  });

  test('holds all through its index, however often its log was cut', () => {
    const script = ticking(1, (out, nth, { boot }) => {
      if (boot <= 4) {
        put(out, nth, `x${nth % 4}`);
        if (nth % 5 === 0) out.takeSnapshot(nth);
      } else if (nth === 90) out.takeSnapshot(nth);
    });
    const faults = [11, 22, 33, 44, 55].map((ms) =>
      at(ms * 1_000 + 500, { do: 'crash', node: 1, restartUs: 100, keep: 'none' }),
    );
    for (let seed = 0; seed < 20; seed += 1) {
      const watched = watch(planOf({ cluster: durable, faults, seed: String(seed) }), script);
      const { applied } = only(watched, 'started').at(-1)!;
      const store = new KeyValueStore();
      store.restore(only(watched, 'snapshotTaken').at(-1)!.data);
      // What was applied last, in whichever life, stands there.
      expect(Math.max(...store.contents().map(([, value]) => Number(value)))).toBe(applied);
    }
  });
});

describe('who breaks the contract', () => {
  const failure = (act: (out: Outbox) => void, machine?: Partial<HostedStateMachine>) => {
    const script: Script = (event, out) => {
      if (event.kind === 'start') act(out);
    };
    if (machine === undefined) return watchAny(planOf({ cluster: alone }), script).result;
    return watchImplementation(planOf({ cluster: alone }), {
      id: 'test:machine',
      createServer: () => ({ step: (event, out) => script(event, out, { node: 1, boot: 0 }) }),
      createStateMachine: () => Object.assign(new KeyValueStore(), machine),
      isTrusted: false,
    }).result;
  };

  test.each<[string, (out: Outbox) => void, string]>([
    ['a snapshot of no index', (out) => out.takeSnapshot(1.5), 'takeSnapshot: expected an index'],
    ['a snapshot below the log', (out) => out.takeSnapshot(-1), 'of the log, got -1'],
    ['a restore of no index', (out) => out.restore(Number.NaN, ''), 'restore: expected an index'],
    [
      'a restore of no text',
      (out) => out.restore(1, null as never),
      'restore: expected the data of a snapshot, got null',
    ],
  ])('%s', (_, act, words) => {
    const { verdict, reason, exception } = failure(act);
    expect(verdict).toBe('exception');
    expect(exception!.node).toBe(1);
    expect(reason).toContain(words);
  });

  test('a state machine whose snapshot is no text', () => {
    const snapshot = () => ({}) as never;
    const { verdict, reason, exception } = failure((out) => out.takeSnapshot(1), { snapshot });
    expect([verdict, exception!.node]).toEqual(['exception', 1]);
    expect(reason).toContain('snapshot() of a state machine: expected text, got [object Object]');
  });
});

describe('a read that did not go through the log', () => {
  const direct: Answer = ({ id, readOnly }, out) => {
    out.respond(id, readOnly ? 'ok' : 'rejected', 0);
  };
  const serve = serving(direct);
  const script: Script = (event, out, me) => {
    if (event.kind === 'start') put(out, 1);
    serve(event, out, me);
  };
  const workload = (...ops: string[]) => ({
    clients: 0,
    script: [{ atUs: 5_000, node: 1, ops }],
  });

  test('gets what the state machine of that server says at that moment', () => {
    const watched = ask(workload('get x0', 'get x1'), script, { cluster: alone });
    expect(operations(watched, 101).map(({ outcome, value }) => [outcome, value])).toEqual([
      ['ok', '1'],
      ['ok', null],
    ]);
    expect(only(watched, 'responded').map(({ value }) => value)).toEqual(['1', null]);
  });

  test('changes nothing', () => {
    const watched = ask(workload('get x0', 'get x0'), script, { cluster: alone });
    expect(only(watched, 'applied').length).toBe(1);
    expect(operations(watched, 101).map(({ value }) => value)).toEqual(['1', '1']);
  });

  test('gets nothing where the answer is no ok, and nothing is read for a write', () => {
    const odd: Answer = ({ id, readOnly }, out) => out.respond(id, readOnly ? 'unknown' : 'ok', 0);
    const answering = serving(odd);
    const watched = ask(
      workload('get x0', 'put x0 2'),
      (event, out, me) => {
        if (event.kind === 'start') put(out, 1);
        answering(event, out, me);
      },
      { cluster: alone },
    );
    expect(only(watched, 'responded').map(({ value }) => value)).toEqual([null, null]);
    expect(operations(watched, 101).map(({ outcome, value }) => [outcome, value])).toEqual([
      ['info', null],
      ['ok', null],
    ]);
  });

  test('gets what the log says where it did go through the log', () => {
    const late: Answer = ({ id, command }, out) => {
      out.apply(2, { term: 1, command });
      put(out, 3);
      out.respond(id, 'ok', 0);
    };
    const answering = serving(late);
    const watched = ask(
      workload('get x0'),
      (event, out, me) => {
        if (event.kind === 'start') put(out, 1);
        answering(event, out, me);
      },
      { cluster: alone },
    );
    expect(operations(watched, 101).map(({ value }) => value)).toEqual(['1']);
  });
});
