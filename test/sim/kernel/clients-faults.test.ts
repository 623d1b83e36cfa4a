/** Losses, crashes, batches and scripts: what clients can still know. */
import { describe, expect, test } from 'vitest';
import type { CreateServer } from '../../../core/contract.ts';
import type { Fault } from '../../../sim/kernel/plan.ts';
import { reference } from '../implementations.ts';
import { type Answer, ask, attempts, ok, operations, serving, silence } from './asking.ts';
import { at, only, planOf, type Script, watchImplementation } from './probe.ts';

const alone = { ...planOf().cluster, size: 1 };

function crash(atMs: number, node: number, restartMs: number | null = null): Fault {
  const restartUs = restartMs === null ? null : restartMs * 1_000;
  return at(atMs * 1_000, { do: 'crash', node, restartUs, keep: 'none' });
}

describe('what gets lost', () => {
  const lossPpm = 300_000;

  test('requests and answers, each as often as asked; nobody knows, until the time is up', () => {
    const workload = { clients: 5, intervalUs: 1_000, timeoutUs: 3_000, lossPpm };
    const watched = ask(workload, serving(ok));
    const invoked = only(watched, 'invoked').length;
    const arrived = attempts(watched).length;
    const acknowledged = only(watched, 'returned').filter(({ outcome }) => outcome === 'ok').length;
    expect(invoked).toBeGreaterThan(1_500);
    expect(Math.abs(arrived / invoked - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(acknowledged / arrived - 0.7)).toBeLessThan(0.03);
    for (const { outcome, tookUs } of operations(watched)) {
      if (outcome === 'info') expect(tookUs).toBe(3_000);
      else expect(outcome === 'ok' || outcome === null).toBe(true);
    }
  });

  test('an answer that is lost is lost, also when its server crashes', () => {
    const workload = { clients: 40, lossPpm: 300_000, timeoutUs: 900_000 };
    const phases = { ...planOf().phases, chaosUs: 1_500_000 };
    const faults = [crash(500, 1)];
    const watched = ask(workload, serving(silence), { cluster: alone, phases, faults });
    const arrived = new Set(attempts(watched).map(({ id }) => id.split('.')[0]));
    const firsts = [...arrived].map((client) => operations(watched, Number(client))[0]!);
    const atCrash = firsts.filter(({ t, tookUs }) => t + tookUs === 500_000);
    const inTime = firsts.filter(({ tookUs }) => tookUs === 900_000);
    expect(atCrash.length + inTime.length).toBe(firsts.length);
    expect(atCrash.length).toBeGreaterThan(inTime.length);
    expect(inTime.length).toBeGreaterThan(4);
  });
});

describe('a server that is down', () => {
  test('had the request: nobody knows', () => {
    const faults = [crash(200, 1)];
    const done = operations(ask({}, serving(silence), { cluster: alone, faults }));
    expect(done[0]).toMatchObject({ outcome: 'info', tookUs: 200_000 - done[0]!.t });
    // Later ones are refused for ever, which is known.
    expect(done[1]).toMatchObject({ outcome: 'fail', tookUs: 300_000 });
  });

  test('refuses at once, so that the client tries elsewhere', () => {
    const watched = ask({}, serving(ok), { faults: [crash(0.001, 1), crash(0.001, 2)] });
    const done = operations(watched).filter(({ outcome }) => outcome !== null);
    expect(new Set(done.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect(new Set(attempts(watched).map(({ n }) => n))).toEqual(new Set([3]));
  });

  test('and back again takes what was meant for its earlier life', () => {
    const watched = ask({ clients: 30 }, serving(ok), {
      cluster: alone,
      faults: [crash(10, 1, 0.3)],
    });
    const early = only(watched, 'invoked').filter(({ t, seq }) => t < 10_000 && seq === 1);
    const under = new Set(early.map(({ clientId }) => `${clientId}.1/1`));
    const late = attempts(watched).filter(({ id, t }) => t > 10_300 && under.has(id));
    expect(late.length).toBeGreaterThan(0);
    for (const { outcome } of operations(watched)) expect([null, 'ok']).toContain(outcome);
  });

  test('does not answer for its earlier life', () => {
    const ids: string[] = [];
    const script: Script = (event, out, { boot }) => {
      if (event.kind === 'start' && boot === 1) for (const id of ids) out.respond(id, 'ok', 0);
      if (event.kind === 'request') ids.push(...event.requests.map(({ id }) => id));
    };
    const watched = ask({}, script, { cluster: alone, faults: [crash(100, 1, 5)] });
    expect(only(watched, 'responded').length).toBe(1);
    expect(operations(watched)[0]).toMatchObject({ outcome: 'info' });
  });

  test('while it was paused never got the request: it is refused, and made again', () => {
    const pause = at(1, { do: 'pause', node: 1, forUs: 400_000 });
    const watched = ask({}, serving(ok), { cluster: alone, faults: [pause, crash(100, 1, 20)] });
    const [first] = operations(watched);
    expect(first).toMatchObject({ outcome: 'ok' });
    expect(first!.t + first!.tookUs).toBeGreaterThan(120_000);
    expect(attempts(watched)[0]!.id).not.toBe('1.1/1');
  });
});

describe('a batch', () => {
  const workload = { clients: 2, intervalUs: 10_000, batchMax: 3, keys: 5 };

  test('is one request of up to so many commands of one client', () => {
    const watched = ask(workload, serving(ok));
    const sizes = [0, 0, 0, 0];
    for (const { requests } of only(watched, 'requested')) {
      sizes[requests.length]! += 1;
      expect(new Set(requests.map(({ command }) => command.clientId)).size).toBe(1);
      expect(new Set(requests.map(({ command }) => command.op.split(' ')[1])).size).toBe(
        requests.length,
      );
      const seqs = requests.map(({ command }) => command.seq);
      expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
    }
    for (const count of sizes.slice(1)) expect(count).toBeGreaterThan(40);
  });

  test('has an outcome for each command, and only what was refused is made again', () => {
    const mixed: Answer = ({ id, command }, out) => {
      const answers = ['ok', 'rejected', 'unknown'] as const;
      out.respond(id, id.endsWith('/1') ? answers[command.seq % 3]! : 'ok', 0);
    };
    const watched = ask(workload, serving(mixed));
    const outcomes = ['ok', 'ok', 'info'];
    for (const { seq, outcome } of operations(watched)) {
      expect([outcomes[seq % 3], null]).toContain(outcome);
    }
    for (const { id } of attempts(watched)) {
      const [seq, attempt] = id.split('.')[1]!.split('/').map(Number);
      expect(attempt === 1 || (attempt === 2 && seq! % 3 === 1)).toBe(true);
    }
  });

  test('keeps its client busy until all of it is done', () => {
    const firstOnly: Answer = ({ id, command }, out) => {
      if (command.seq === 1) out.respond(id, 'ok', 0);
    };
    const watched = ask({ ...workload, clients: 30, timeoutUs: 200_000 }, serving(firstOnly));
    for (let client = 1; client <= 30; client += 1) {
      const [first, second, third] = operations(watched, client);
      expect(first!.outcome).toBe('ok');
      if (second === undefined || second.t !== first!.t) continue;
      expect(second).toMatchObject({ outcome: 'info', tookUs: 200_000 });
      if (third!.t !== first!.t) expect(third!.t).toBeGreaterThanOrEqual(first!.t + 200_000);
    }
  });
});

describe('a scripted request', () => {
  const script = [
    { atUs: 5_000, node: 2, ops: ['put x0 a', 'get x0', 'put x1 b'] },
    { atUs: 7_000, node: 3, ops: ['get x1'] },
  ];

  test('is made at its time, at its server, in one event, by a client of its own', () => {
    const watched = ask({ clients: 0, script, lossPpm: 1_000_000 }, serving(ok));
    const events = only(watched, 'requested').map(({ n, t, requests }) => [
      n,
      t,
      requests.map(({ id, readOnly }) => `${id} ${readOnly}`),
    ]);
    expect(events).toEqual([
      [2, 5_000, ['101.1/1 false', '101.2/1 true', '101.3/1 false']],
      [3, 7_000, ['102.1/1 true']],
    ]);
    expect(operations(watched, 101).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });

  test('is made once, whatever comes of it', () => {
    const answers: Answer = ({ id, command }, out) => {
      if (command.seq === 1) out.respond(id, 'redirect', 1);
      if (command.seq === 2) out.respond(id, 'unknown', 0);
    };
    const watched = ask({ clients: 0, script }, serving(answers), { faults: [crash(6, 3)] });
    expect(attempts(watched).length).toBe(3);
    expect(operations(watched, 101).map(({ outcome }) => outcome)).toEqual(['fail', 'info', null]);
    expect(operations(watched, 102).map(({ outcome }) => outcome)).toEqual(['fail']);
  });
});

test('a client that is refused when traffic begins again tries again', () => {
  // It has got used to servers that refuse: they take requests again at 4.2 s.
  const refusing: CreateServer = () => {
    const server = reference.createServer();
    return {
      step: (event, out) => {
        if (event.kind !== 'request' || event.now >= 4_200) server.step(event, out);
        else for (const { id } of event.requests) out.respond(id, 'redirect', 0);
      },
    };
  };
  const plan = planOf({
    workload: { clients: 1, timeoutUs: 60_000_000 },
    phases: { chaosUs: 300_000, settle: true, trafficOperations: 3 },
  });
  const watched = watchImplementation(plan, { ...reference, createServer: refusing });
  const traffic = only(watched, 'phaseBegan').find(({ phase }) => phase === 'traffic')!;
  expect(traffic.t).toBeLessThan(4_200_000);
  expect(operations(watched)[0]).toMatchObject({ seq: 1, outcome: 'ok' });
  expect(operations(watched)[0]!.tookUs).toBeLessThan(4_300_000);
});
