/** Clients with sessions: what they send again, what they never do, and what they make of answers. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../core/messages.ts';
import type { Plan, WorkloadPlan } from '../../../sim/kernel/plan.ts';
import { type Answer, ask, attempts, operations, serving, silence } from './asking.ts';
import { at, only, planOf, type Script, type Watched } from './probe.ts';

const alone = { ...planOf().cluster, size: 1 };

/** A server that carries out what it is asked at once, and answers as `answer` says. */
function applying(answer: Answer): Script {
  let index = 0;
  return serving((request, out, me) => {
    index += 1;
    out.apply(index, { term: 1, command: request.command, wallClock: index });
    answer(request, out, me);
  });
}

const ok: Answer = ({ id }, out) => out.respond(id, 'ok', 0);

function askInSessions(
  workload: Partial<WorkloadPlan>,
  script: Script,
  sections: Partial<Plan> = {},
): Watched {
  return ask({ sessions: true, ...workload }, script, { cluster: alone, ...sections });
}

/** What servers were handed, second copies included. */
function handed(watched: Watched): (Command & { readonly id: string; readonly t: number })[] {
  return only(watched, 'requested').flatMap(({ requests, t }) =>
    requests.map(({ id, command }) => ({ ...command, id, t })),
  );
}

const isStray = ({ id }: { readonly id: string }): boolean => id.endsWith('+');

describe('a session', () => {
  test('is asked for first, and then named by every command', () => {
    const commands = handed(askInSessions({ batchMax: 3, keys: 5 }, applying(ok)));
    expect(commands[0]).toMatchObject({ op: 'register', seq: 1 });
    expect(commands[0]).not.toHaveProperty('session');
    expect(commands.filter(({ op }) => op === 'register').length).toBe(1);
    expect(new Set(commands.slice(1).map(({ session }) => session))).toEqual(new Set([1]));
  });

  test('tells which answers the client has: all before its batch', () => {
    const watched = askInSessions({ batchMax: 3, keys: 5 }, applying(ok));
    for (const { requests } of only(watched, 'requested').slice(1)) {
      const [first] = requests;
      for (const { command } of requests) {
        expect(command.answeredBelow).toBe(first!.command.seq);
      }
    }
  });

  test('is asked for again, as a new command, when nobody knows what became of the first', () => {
    const unsure: Answer = ({ id }, out) => out.respond(id, 'unknown', 0);
    const watched = askInSessions({}, serving(unsure));
    const commands = handed(watched).filter((one) => !isStray(one));
    expect(commands.length).toBeGreaterThan(30);
    expect(new Set(commands.map(({ op }) => op))).toEqual(new Set(['register']));
    expect(commands.map(({ seq }) => seq)).toEqual(commands.map((_, i) => i + 1));
    expect(operations(watched)[0]).toMatchObject({ outcome: 'info' });
  });
});

describe('a command of a session', () => {
  const patience = { timeoutUs: 40_000 };
  const endings: Record<string, Answer> = {
    'says nothing': silence,
    'does not know': ({ id }, out) => out.respond(id, 'unknown', 0),
    refuses: ({ id }, out) => out.respond(id, 'rejected', 0),
  };

  test.each(Object.entries(endings))('is sent again to a server that %s', (_, ending) => {
    const reluctant: Answer = (request, out, me) => {
      if (request.command.seq === 1 || request.id.endsWith('/4')) ok(request, out, me);
      else ending(request, out, me);
    };
    const watched = askInSessions(patience, applying(reluctant));
    const second = attempts(watched).filter(({ id }) => /^1\.2\/\d+$/.test(id));
    expect(second.map(({ id }) => id)).toEqual(['1.2/1', '1.2/2', '1.2/3', '1.2/4']);
    expect(new Set(second.map(({ op }) => op)).size).toBe(1);
    expect(operations(watched)[1]).toMatchObject({ seq: 2, outcome: 'ok' });
  });

  test('is the very same each time', () => {
    const third: Answer = (request, out, me) => {
      if (request.command.seq === 1 || request.id.endsWith('/3')) ok(request, out, me);
    };
    const commands = handed(askInSessions(patience, applying(third))).filter(
      ({ seq }) => seq === 2,
    );
    expect(commands.length).toBeGreaterThan(2);
    for (const { id: _, t: _t, ...command } of commands) {
      const { id: _i, t: _u, ...first } = commands[0]!;
      expect(command).toEqual(first);
    }
  });

  test('waits for its answer before the next one goes out', () => {
    const watched = askInSessions(
      patience,
      applying((request, out, me) => {
        if (request.command.seq < 3) ok(request, out, me);
      }),
    );
    expect(Math.max(...handed(watched).map(({ seq }) => seq))).toBe(3);
    expect(operations(watched)[2]).toMatchObject({ outcome: null });
  });

  test('is sent to another server when the first one crashes with it', () => {
    let index = 0;
    const script = serving((request, out, me) => {
      index += 1;
      const isTaken = me.node !== 1 || request.command.op === 'register';
      if (isTaken) out.apply(index, { term: 1, command: request.command });
      if (isTaken) out.respond(request.id, 'ok', 0);
    });
    const crash = at(400_000, { do: 'crash', node: 1, restartUs: null, keep: 'none' });
    const workload = { clients: 8, sessions: true, timeoutUs: 900_000 };
    const watched = ask(workload, script, { faults: [crash] });
    const clients = [1, 2, 3, 4, 5, 6, 7, 8];
    const waiting = clients.filter((client) => {
      const { t, tookUs } = operations(watched, client)[1]!;
      return t < 400_000 && t + tookUs > 400_000;
    });
    expect(waiting.length).toBeGreaterThan(0);
    for (const client of waiting) {
      const nodes = attempts(watched).filter(({ id }) => id.startsWith(`${client}.2/`));
      expect(nodes.map(({ n }) => n).slice(0, 1)).toEqual([1]);
      expect(nodes.at(-1)!.n).not.toBe(1);
    }
  });
});

describe('a session that is over', () => {
  /** Sessions last 5 ms of logged time, and every entry takes 2 of them, the 20th takes ten. */
  const expiring = { ...alone, sessionExpiryMs: 5 };

  test('leaves the command in doubt; the client opens another one and never sends it there', () => {
    let index = 0;
    const script = serving((request, out, me) => {
      index += 1;
      const wallClock = 2 * index + 10 * Math.floor(index / 20);
      out.apply(index, { term: 1, command: request.command, wallClock });
      ok(request, out, me);
    });
    const watched = askInSessions({}, script, { cluster: expiring });
    const ops = operations(watched);
    const doubtful = ops.filter(({ outcome }) => outcome === 'info');
    expect(doubtful.length).toBeGreaterThan(0);
    for (const { seq, value } of doubtful) {
      expect(value).toBeNull();
      expect(ops.find((one) => one.seq === seq + 1)).toMatchObject({ op: 'register' });
      const sent = handed(watched).filter((one) => one.seq === seq);
      expect(new Set(sent.map(({ session }) => session)).size).toBe(1);
    }
    const sessions = new Set(handed(watched).map(({ session }) => session));
    expect(sessions.size).toBeGreaterThan(doubtful.length);
  });
});

describe('requests that come twice', () => {
  const busy = { clients: 5, intervalUs: 1_000, timeoutUs: 20_000 };

  test('are some of those of sessions; nobody waits for the second answer', () => {
    const watched = askInSessions(busy, applying(ok));
    const strays = handed(watched).filter(isStray);
    const share = strays.length / handed(watched).length;
    expect(Math.abs(share - 0.05)).toBeLessThan(0.02);
    for (const { id, session, seq, t } of strays) {
      const firsts = handed(watched).filter((one) => one.id === id.slice(0, -1));
      expect(firsts).toMatchObject([{ session, seq }]);
      expect(t - firsts[0]!.t).toBeLessThan(4 * 20_000);
    }
    const late = strays.filter(({ id, t }) => {
      const [client, seq] = id.split('/')[0]!.split('.').map(Number);
      const operation = operations(watched, client!).find((one) => one.seq === seq)!;
      return t > operation.t + operation.tookUs;
    });
    expect(late.length).toBeGreaterThan(strays.length / 2);
    const returned = only(watched, 'returned').map(({ clientId, seq }) => `${clientId}.${seq}`);
    expect(new Set(returned).size).toBe(returned.length);
  });

  test('are none where there are no sessions', () => {
    expect(handed(ask(busy, applying(ok), { cluster: alone })).filter(isStray)).toEqual([]);
  });
});

describe('reads that no log holds', () => {
  const config = { ...planOf().cluster.config, reads: 'readIndex' as const };

  test('are sent again as often as it takes, and writes are not', () => {
    const unsure: Answer = ({ id }, out) =>
      out.respond(id, id.endsWith('/3') ? 'ok' : 'unknown', 0);
    const watched = ask({ readPpm: 500_000 }, serving(unsure), { cluster: { ...alone, config } });
    for (const { op, outcome } of operations(watched)) {
      if (outcome !== null) expect(outcome).toBe(op.startsWith('get ') ? 'ok' : 'info');
    }
    const again = attempts(watched).filter(({ id }) => !id.endsWith('/1'));
    expect(again.length).toBeGreaterThan(20);
    for (const { op } of again) expect(op).toMatch(/^get /);
  });

  test('find what the state machine holds as they are answered', () => {
    let index = 0;
    const script = serving((request, out, me) => {
      index += 1;
      if (!request.readOnly) out.apply(index, { term: 1, command: request.command });
      ok(request, out, me);
    });
    const watched = ask({ readPpm: 500_000, keys: 1 }, script, { cluster: { ...alone, config } });
    let last: string | null = null;
    for (const { op, outcome, value } of operations(watched)) {
      if (outcome === null) continue;
      if (op.startsWith('put ')) last = op.split(' ')[2]!;
      else expect(value).toBe(last);
    }
    expect(last).not.toBeNull();
  });
});

describe('operations of all kinds', () => {
  const workload = { clients: 4, intervalUs: 2_000, keys: 3, readPpm: 400_000 };
  const kinds = { casPpm: 300_000, ttlPpm: 200_000, rangePpm: 500_000 };
  const everything = ask({ ...workload, ...kinds }, applying(ok), { cluster: alone });
  const ops = only(everything, 'invoked');

  test('come as often as asked', () => {
    const share = (kind: string, of: readonly string[]): number => {
      const counted = ops.filter(({ op }) => of.includes(op.split(' ')[0]!));
      return counted.filter(({ op }) => op.startsWith(`${kind} `)).length / counted.length;
    };
    const writes = ['put', 'cas', 'putttl'];
    expect(Math.abs(share('cas', writes) - 0.3)).toBeLessThan(0.04);
    expect(Math.abs(share('putttl', writes) - 0.2)).toBeLessThan(0.04);
    expect(Math.abs(share('range', ['get', 'range']) - 0.5)).toBeLessThan(0.05);
  });

  test('are written as state machines read them, with values that nobody else writes', () => {
    const shapes =
      /^(get x\d|put x\d \d\.\d+|cas x\d (none|\d\.\d+) \d\.\d+|putttl x\d \d{1,4} \d\.\d+|range x\d x\d)$/;
    for (const { op, readOnly } of ops) {
      expect(op).toMatch(shapes);
      expect(readOnly).toBe(/^(get|range) /.test(op));
      const [kind, from, to] = op.split(' ');
      if (kind === 'range') expect(from! <= to!).toBe(true);
    }
    const values = ops.filter(({ readOnly }) => !readOnly).map(({ op }) => op.split(' ').at(-1));
    expect(new Set(values).size).toBe(values.length);
  });

  test('swap what the client has seen last, so that some succeed and some do not', () => {
    const answers = only(everything, 'returned').map(({ value }) => value);
    const count = (start: string): number =>
      answers.filter((value) => value?.startsWith(start)).length;
    for (const start of ['swapped', 'found ', 'missing']) expect(count(start)).toBeGreaterThan(5);
  });

  test('leave the reads, the keys and the times of a plan without them as they are', () => {
    const plain = only(ask(workload, applying(ok), { cluster: alone }), 'invoked');
    const shape = ({ t, clientId, seq, op, readOnly }: (typeof ops)[number]) => ({
      t,
      clientId,
      seq,
      readOnly,
      key: op.startsWith('range ') ? null : op.split(' ')[1],
    });
    expect(plain.length).toBe(ops.length);
    plain.forEach((one, i) => {
      const { key, ...rest } = shape(ops[i]!);
      expect(rest).toEqual({ ...shape(one), key: undefined });
      if (key !== null) expect(key).toBe(shape(one).key);
    });
  });
});
