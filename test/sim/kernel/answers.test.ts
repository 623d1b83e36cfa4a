/** Whose answers count, for which operation, and where a client goes next. */
import { describe, expect, test } from 'vitest';
import type { ServerEvent } from '../../../core/contract.ts';
import { type Answer, ask, attempts, ok, operations, serving } from './asking.ts';
import { at, mark, only, planOf, type Script, watch } from './probe.ts';

const alone = { ...planOf().cluster, size: 1 };

function scripted(...ops: string[]) {
  return { clients: 0, script: [{ atUs: 5_000, node: 1, ops }] };
}

describe('an answer', () => {
  test('to a stranger, or for the command of a stranger, means nothing to anybody', () => {
    const strange: Script = (event, out) => {
      if (event.kind !== 'request') return;
      [0, -1, 77, 102, 1.5, Number.NaN].forEach((clientId, i) => {
        out.apply(i + 1, { term: 1, command: { clientId, seq: 1, op: 'put x0 strange' } });
        out.respond(`${clientId}.1/1`, 'ok', 0);
      });
      for (const id of ['', 'x', '101', '101.1', '101.1/2', '101.2/1']) out.respond(id, 'ok', 0);
    };
    const watched = ask(scripted('get x0'), strange, { cluster: alone });
    expect(only(watched, 'responded').length).toBe(12);
    for (const { value } of only(watched, 'responded')) expect(value).toBeNull();
    expect(only(watched, 'returned')).toEqual([]);
  });

  test('brings the result of its own command, in whatever order a batch is answered', () => {
    const held: Script = (event, out) => {
      if (event.kind !== 'request') return;
      event.requests.forEach(({ command }, i) => {
        out.apply(i + 1, { term: 1, command });
      });
      for (const { id } of event.requests.toReversed()) out.respond(id, 'ok', 0);
    };
    const ops = ['put x0 a', 'get x0', 'put x0 b', 'get x0', 'get x1'];
    const watched = ask(scripted(...ops), held, { cluster: alone });
    const values = operations(watched, 101).map(({ value }) => value);
    expect(values).toEqual([null, 'a', null, 'b', null]);
    expect(only(watched, 'responded').map(({ value }) => value)).toEqual(values.toReversed());
  });

  test('brings no result that another server has found', () => {
    let asked: Extract<ServerEvent, { kind: 'request' }> | null = null;
    const watched = watch(planOf({ workload: scripted('get x0') }), (event, out, { node }) => {
      if (event.kind === 'request') {
        asked = event;
        out.send(2, mark(1));
        out.setTimer('answer', 5, 5);
      }
      const [request] = asked?.requests ?? [];
      if (event.kind === 'message' && node === 2) {
        out.apply(1, { term: 1, command: { clientId: 0, seq: 1, op: 'put x0 secret' } });
        out.apply(2, { term: 1, command: request!.command });
      }
      if (event.kind === 'timer') out.respond(request!.id, 'ok', 0);
    });
    expect(operations(watched, 101)).toMatchObject([{ outcome: 'ok', value: null }]);
  });

  test('with no ok brings no result', () => {
    const unsure: Answer = ({ id, command }, out) => {
      out.apply(1, { term: 1, command: { clientId: 0, seq: 1, op: 'put x0 a' } });
      out.apply(2, { term: 1, command });
      out.respond(id, 'unknown', 0);
    };
    const watched = ask(scripted('get x0'), serving(unsure), { cluster: alone });
    expect(only(watched, 'responded').map(({ value }) => value)).toEqual([null]);
    expect(operations(watched, 101)).toMatchObject([{ outcome: 'info', value: null }]);
  });

  test('stays what it was when the server crashes later', () => {
    const first: Answer = ({ id, command }, out) => {
      if (command.seq === 1) out.respond(id, 'ok', 0);
    };
    const crash = { do: 'crash', node: 1, restartUs: null, keep: 'none' } as const;
    const watched = ask(scripted('get x0', 'get x1'), serving(first), {
      cluster: alone,
      faults: [at(50_000, crash)],
    });
    expect(only(watched, 'returned').map(({ seq, outcome }) => [seq, outcome])).toEqual([
      [1, 'ok'],
      [2, 'info'],
    ]);
  });
});

describe('a request', () => {
  test('that still waits for an answer is not made again with those of its batch that were refused', () => {
    const mixed: Answer = ({ id, command }, out) => {
      if (command.seq % 2 === 1) out.respond(id, 'rejected', 0);
    };
    const made = attempts(ask({ clients: 10, batchMax: 3, timeoutUs: 200_000 }, serving(mixed)));
    const again = made.filter(({ id }) => !id.endsWith('/1'));
    expect(again.length).toBeGreaterThan(50);
    for (const { id } of again) expect(Number(id.split(/[./]/)[1]) % 2).toBe(1);
  });

  test('that nobody waits for any more does not arrive', () => {
    const pause = at(50_000, { do: 'pause', node: 1, forUs: 400_000 });
    const watched = ask({ clients: 4, timeoutUs: 100_000 }, serving(ok), {
      cluster: alone,
      faults: [pause],
    });
    const ended = new Map(
      only(watched, 'returned').map(({ clientId, seq, t }) => [`${clientId}.${seq}`, t]),
    );
    expect(only(watched, 'returned').some(({ outcome }) => outcome === 'info')).toBe(true);
    for (const { requests, t } of only(watched, 'requested')) {
      expect(requests.length).toBeGreaterThan(0);
      for (const { id } of requests) {
        expect(ended.get(id.split('/')[0]!) ?? t).toBeGreaterThanOrEqual(t);
      }
    }
  });
});

describe('a client goes', () => {
  test.each([1, 2, 3])('where a redirect points: to server %i', (leader) => {
    const answer: Answer = ({ id }, out, { node }) => {
      out.respond(id, node === leader ? 'ok' : 'redirect', leader);
    };
    const made = attempts(ask({ clients: 6 }, serving(answer)));
    const second = made.filter(({ id }) => id.endsWith('/2'));
    expect(second.length).toBeGreaterThan(0);
    for (const { n } of second) expect(n).toBe(leader);
    expect(made.some(({ id }) => id.endsWith('/3'))).toBe(false);
  });

  /** The first servers of all operations after the first, when each is sent to server 2 first. */
  function nextServers(end: 'unknown' | 'rejected'): Set<number> {
    const answer: Answer = ({ id }, out, { node }) => {
      if (node !== 2) out.respond(id, 'redirect', 2);
      else out.respond(id, end, 0);
    };
    const made = attempts(ask({ clients: 6, timeoutUs: 50_000 }, serving(answer)));
    const firstOfOps = made.filter(({ id }) => id.endsWith('/1') && !id.includes('.1/'));
    return new Set(firstOfOps.map(({ n }) => n));
  }

  test('anywhere after an operation that did not end well', () => {
    expect([...nextServers('unknown')].sort()).toEqual([1, 2, 3]);
    expect([...nextServers('rejected')].sort()).toEqual([1, 2, 3]);
  });

  test('elsewhere after a server that rejects, though it was fine before', () => {
    const moody: Answer = ({ id, command }, out, { node }) => {
      out.respond(id, command.seq > 3 && node === 2 ? 'rejected' : 'ok', 0);
    };
    const watched = ask({ clients: 20 }, serving(moody));
    const used = attempts(watched).filter(({ n, id }) => n === 2 && id.includes('.4/1'));
    expect(used.length).toBeGreaterThan(2);
    for (const { outcome } of operations(watched)) expect([null, 'ok']).toContain(outcome);
    expect(only(watched, 'returned').every(({ outcome }) => outcome === 'ok')).toBe(true);
  });

  test('elsewhere after a server that has crashed', () => {
    const what = { do: 'crash', node: 0, restartUs: null, keep: 'none' } as const;
    const when = { on: 'acknowledged', node: 0, nth: 10, count: 0 } as const;
    const watched = ask({}, serving(ok), { faults: [{ when, what }] });
    const [crash] = only(watched, 'crashed');
    const after = operations(watched).filter(({ t }) => t > crash!.t);
    expect(after.length).toBeGreaterThan(20);
    expect(new Set(after.slice(0, -1).map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  });
});
