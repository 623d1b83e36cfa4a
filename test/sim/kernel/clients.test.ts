/** What clients ask for, how often, and what they make of the answers. */
import { describe, expect, test } from 'vitest';
import { type Answer, ask, attempts, ok, operations, serving, silence } from './asking.ts';
import { only, planOf, type Script, type Watched } from './probe.ts';

describe('operations', () => {
  test('come about as often as asked, one at a time', () => {
    const ops = operations(ask({}, serving(ok)));
    expect(ops.map(({ seq }) => seq)).toEqual(ops.map((_, i) => i + 1));
    expect(ops.length).toBeGreaterThan(45);
    expect(ops.length).toBeLessThan(55);
    const gaps = ops.slice(1).map(({ t }, i) => t - ops[i]!.t);
    for (const gap of gaps) expect(gap >= 10_000 && gap <= 30_000).toBe(true);
    expect(ops[0]!.t).toBeLessThan(20_000);
    for (const { tookUs } of ops) expect(tookUs >= 200 && tookUs < 2_000).toBe(true);
  });

  test('wait for the one before, however slow it is', () => {
    const ids: string[] = [];
    const slow: Script = (event, out) => {
      if (event.kind === 'start') out.setTimer('answer', 37, 37);
      if (event.kind === 'request') ids.push(...event.requests.map(({ id }) => id));
      if (event.kind !== 'timer') return;
      for (const id of ids.splice(0)) out.respond(id, 'ok', 0);
      out.setTimer('answer', 37, 37);
    };
    const watched = ask({ clients: 3, intervalUs: 1_000 }, slow, {
      cluster: { ...planOf().cluster, size: 1 },
    });
    for (const client of [1, 2, 3]) {
      const ops = operations(watched, client);
      expect(ops.length).toBeGreaterThan(15);
      ops.slice(1).forEach(({ t }, i) => {
        expect(t).toBeGreaterThanOrEqual(ops[i]!.t + ops[i]!.tookUs);
      });
    }
  });

  test('are writes of unique values and as many reads as asked, of all keys', () => {
    const workload = { clients: 3, intervalUs: 2_000, keys: 3, readPpm: 300_000 };
    const watched = ask(workload, serving(ok));
    const ops = only(watched, 'invoked');
    const reads = ops.filter(({ readOnly }) => readOnly);
    expect(Math.abs(reads.length / ops.length - 0.3)).toBeLessThan(0.04);
    for (const { op } of reads) expect(op).toMatch(/^get x[0-2]$/);
    const writes = ops.filter(({ readOnly }) => !readOnly).map(({ op }) => op);
    for (const { op, readOnly, clientId, seq } of ops) {
      if (!readOnly) expect(op.replace(/^put x[0-2] /, '')).toBe(`${clientId}.${seq}`);
    }
    expect(new Set(writes.map((op) => op.split(' ')[2])).size).toBe(writes.length);
    for (const key of ['x0', 'x1', 'x2']) {
      const share = ops.filter(({ op }) => op.split(' ')[1] === key).length / ops.length;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.04);
    }
    for (const { requests } of only(watched, 'requested')) {
      for (const { command, readOnly } of requests) {
        expect(readOnly).toBe(command.op.startsWith('get '));
      }
    }
  });

  test('are the luck of each client, which neither others nor answers move', () => {
    const opsOf = (watched: Watched) => operations(watched).map(({ op }) => op);
    const knobs = { readPpm: 300_000, keys: 5 };
    const usual = opsOf(ask(knobs, serving(ok)));
    expect(opsOf(ask({ ...knobs, clients: 4 }, serving(ok)))).toEqual(usual);
    const slow = opsOf(ask({ ...knobs, timeoutUs: 60_000 }, serving(silence)));
    expect(slow).toEqual(usual.slice(0, slow.length));
    const refusing: Answer = ({ id }, out) => {
      out.respond(id, id.endsWith('/3') ? 'ok' : 'redirect', 1);
    };
    const refused = opsOf(ask(knobs, serving(refusing)));
    expect(refused).toEqual(usual.slice(0, refused.length));
    expect(opsOf(ask(knobs, serving(ok), { seed: 'other' }))).not.toEqual(usual);
  });
});

describe('an attempt', () => {
  test('is never made again while nobody knows what became of the first', () => {
    const answers: Record<string, Answer> = {
      silence,
      unknown: ({ id }, out) => out.respond(id, 'unknown', 0),
      ok,
    };
    for (const [name, answer] of Object.entries(answers)) {
      const watched = ask({ timeoutUs: 50_000, lossPpm: 200_000 }, serving(answer));
      const ids = attempts(watched).map(({ id }) => id);
      expect(ids.length, name).toBeGreaterThan(10);
      expect(
        ids.filter((id) => !id.endsWith('/1')),
        name,
      ).toEqual([]);
      expect(new Set(ids).size, name).toBe(ids.length);
    }
  });

  test('is made again after a refusal, with more and more patience', () => {
    for (const outcome of ['redirect', 'rejected'] as const) {
      const refusing: Answer = ({ id }, out) => out.respond(id, outcome, 0);
      const watched = ask({ timeoutUs: 1_000_000 }, serving(refusing));
      const made = attempts(watched);
      expect(made.map(({ id }) => id)).toEqual(made.map((_, i) => `1.1/${i + 1}`));
      expect(new Set(made.map(({ op }) => op)).size).toBe(1);
      const waits = made.slice(1).map(({ t }, i) => Math.round((t - made[i]!.t - 1_100) / 5_000));
      // 10, 20, 40, 80, 80 … ms, and on average 1.1 ms to the server.
      expect(waits.slice(0, 6)).toEqual([2, 4, 8, 16, 16, 16]);
    }
  });

  test('follows the hint of a redirect, and stays with whoever said ok', () => {
    const leader: Answer = ({ id }, out, { node }) => {
      out.respond(id, node === 3 ? 'ok' : 'redirect', 3);
    };
    const made = attempts(ask({}, serving(leader)));
    expect(made.length).toBeGreaterThan(40);
    expect(made.filter(({ n }) => n !== 3).length).toBeLessThanOrEqual(1);
    const lost = attempts(
      ask(
        {},
        serving(({ id }, out) => out.respond(id, 'ok', 0)),
      ),
    );
    expect(new Set(lost.map(({ n }) => n)).size).toBe(1);
  });

  test('goes anywhere without a hint, after a useless one, and after a failure', () => {
    for (const hint of [0, 4, -1, 1.5]) {
      const refusing: Answer = ({ id }, out) => {
        out.respond(id, id.endsWith('/1') ? 'redirect' : 'unknown', hint);
      };
      const made = attempts(ask({ intervalUs: 5_000 }, serving(refusing)));
      for (const attempt of ['/1', '/2']) {
        const nodes = new Set(made.filter(({ id }) => id.endsWith(attempt)).map(({ n }) => n));
        expect([...nodes].sort()).toEqual([1, 2, 3]);
      }
    }
  });
});

describe('an operation ends', () => {
  test('ok, with what the state machine of that server answered in that life', () => {
    let index = 0;
    const applying: Answer = ({ id, command }, out) => {
      index += 1;
      out.apply(index, { term: 1, command });
      out.respond(id, 'ok', 0);
    };
    const watched = ask({ keys: 1, readPpm: 500_000 }, serving(applying));
    let last: string | null = null;
    for (const { op, outcome, value } of operations(watched)) {
      expect([outcome, value]).toEqual(['ok', op === 'get x0' ? last : null]);
      if (op !== 'get x0') last = op.split(' ')[2]!;
    }
    expect(last).not.toBeNull();
    const lying = operations(ask({ keys: 1, readPpm: 1_000_000 }, serving(ok)));
    expect(lying.every(({ outcome, value }) => outcome === 'ok' && value === null)).toBe(true);
  });

  test('info when the server does not know', () => {
    const unsure: Answer = ({ id }, out) => out.respond(id, 'unknown', 0);
    const ops = operations(ask({}, serving(unsure)));
    expect(new Set(ops.map(({ outcome }) => outcome))).toEqual(new Set(['info']));
    expect(ops.length).toBeGreaterThan(40);
  });

  test('info when no answer has come in time', () => {
    const ops = operations(ask({ timeoutUs: 50_000 }, serving(silence)));
    const done = ops.filter(({ outcome }) => outcome !== null);
    expect(done.length).toBeGreaterThan(15);
    for (const { outcome, tookUs } of done) expect([outcome, tookUs]).toEqual(['info', 50_000]);
  });

  test('fail when it was refused until then: it definitely did not happen', () => {
    const refusing: Answer = ({ id }, out) => out.respond(id, 'rejected', 0);
    const done = operations(ask({ timeoutUs: 60_000 }, serving(refusing))).filter(
      ({ outcome }) => outcome !== null,
    );
    expect(done.length).toBeGreaterThan(10);
    for (const { outcome, tookUs } of done) expect([outcome, tookUs]).toEqual(['fail', 60_000]);
  });

  test('once: an answer that comes twice, late, or for an earlier attempt is none', () => {
    const held: string[] = [];
    const odd: Answer = ({ id }, out) => {
      for (const late of held.splice(0)) out.respond(late, 'ok', 0);
      if (id.endsWith('/1')) out.respond(id, 'redirect', 0);
      out.respond(id.replace('/2', '/1'), 'ok', 0);
      held.push(id);
    };
    const watched = ask({ timeoutUs: 40_000 }, serving(odd));
    const done = operations(watched).filter(({ outcome }) => outcome !== null);
    expect(done.length).toBeGreaterThan(15);
    expect(only(watched, 'returned').length).toBe(done.length);
    for (const { outcome, tookUs } of done) expect([outcome, tookUs]).toEqual(['info', 40_000]);
  });
});
