/** Whom operators ask, when they ask again, and when they stop. */
import { describe, expect, test } from 'vitest';
import type { AdminRequest, Outbox } from '../../../core/contract.ts';
import type { OperatorPlan, Plan } from '../../../sim/kernel/plan.ts';
import { at, type Life, only, planOf, type Script, type Watched, watch } from './probe.ts';

const snapshot: AdminRequest = { kind: 'takeSnapshot' };
const change: AdminRequest = { kind: 'changeMembership', voters: [1, 2], learners: [] };
const transfer: AdminRequest = { kind: 'transferLeadership', to: 2 };

interface Asked {
  readonly id: string;
  readonly request: AdminRequest;
}

/** Servers that do this when an operator asks them. */
function serving(answer: (asked: Asked, out: Outbox, me: Life) => void): Script {
  return (event, out, me) => {
    if (event.kind === 'admin') answer(event, out, me);
  };
}

const ok = serving(({ id }, out) => out.respond(id, 'ok', 0));

/** One operator with these requests, from 10 ms on. */
function operator(
  requests: readonly (readonly [AdminRequest, number?])[],
  timeoutUs = 900_000,
): OperatorPlan {
  return {
    requests: requests.map(([request, node = 0]) => ({ atUs: 10_000, node, request })),
    timeoutUs,
  };
}

function watchOperators(
  operators: readonly OperatorPlan[],
  script: Script,
  sections: Partial<Plan> = {},
): Watched {
  return watch(planOf({ operators, ...sections }), script);
}

/** `id → server` of all that arrived. */
function arrived(watched: Watched): string[] {
  return only(watched, 'adminRequested').map(({ requestId, n }) => `${requestId} → ${n}`);
}

describe('a request', () => {
  test('comes as an event with an id of its own, and the answer is a fact', () => {
    const watched = watchOperators([operator([[change, 2]])], ok);
    const [asked] = watched.seen.flatMap(({ event, node }) =>
      event.kind === 'admin' ? [{ ...event, node }] : [],
    );
    expect(asked).toMatchObject({ node: 2, id: 'o1.1#1', request: change });
    const [fact] = only(watched, 'adminRequested');
    expect(fact).toMatchObject({ n: 2, requestId: 'o1.1#1', request: change, cause: 0 });
    expect(fact!.t).toBeGreaterThanOrEqual(10_200);
    expect(fact!.t).toBeLessThanOrEqual(12_000);
    expect(only(watched, 'responded')).toMatchObject([
      { n: 2, requestId: 'o1.1#1', outcome: 'ok', hint: 0, value: null },
    ]);
  });

  test('comes not before its time, and not before the one ahead of it has ended', () => {
    const requests = [
      { atUs: 300_000, node: 1, request: change },
      { atUs: 100_000, node: 2, request: transfer },
      { atUs: 600_000, node: 3, request: snapshot },
    ];
    const watched = watchOperators([{ requests, timeoutUs: 900_000 }], ok);
    const times = only(watched, 'adminRequested').map(({ t }) => t);
    expect(arrived(watched)).toEqual(['o1.1#1 → 1', 'o1.2#1 → 2', 'o1.3#1 → 3']);
    const answerAt = only(watched, 'responded')[0]!.t;
    expect(times[0]).toBeGreaterThan(300_000);
    expect(times[1]).toBeGreaterThan(answerAt + 400);
    expect(times[1]).toBeLessThan(answerAt + 4_001);
    expect(times[2]).toBeGreaterThan(600_000);
  });

  test('is copied for servers that are not ours', () => {
    const script = serving(({ id, request }, out) => {
      if (request.kind === 'changeMembership') (request.voters as number[]).push(9);
      out.respond(id, 'rejected', 0);
    });
    const watched = watch(planOf({ operators: [operator([[change]])] }), script, false);
    const requests = only(watched, 'adminRequested').map(({ request }) => request);
    expect(requests.length).toBeGreaterThan(5);
    for (const request of requests) expect(request).toEqual(change);
  });
});

describe('an operator asks', () => {
  test('the server that it was told first, and then where it is redirected', () => {
    const script = serving(({ id }, out, { node }) => {
      out.respond(id, node === 3 ? 'ok' : 'redirect', 3);
    });
    const watched = watchOperators([operator([[change, 1], [change]])], script);
    expect(arrived(watched)).toEqual(['o1.1#1 → 1', 'o1.1#2 → 3', 'o1.2#1 → 3']);
  });

  test('one server after the other while it knows of no leader', () => {
    const script = serving(({ id }, out) => out.respond(id, 'redirect', 0));
    const watched = watchOperators([operator([[change]])], script);
    const nodes = only(watched, 'adminRequested').map(({ n }) => n);
    expect(nodes.slice(0, 7)).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  test('one server after the other when a hint is nonsense', () => {
    const script = serving(({ id }, out) => out.respond(id, 'redirect', 9));
    const watched = watchOperators([operator([[change]])], script);
    expect(only(watched, 'adminRequested').map(({ n }) => n)).toContain(3);
  });

  test('the same server again when it was rejected, another one when nobody knows', () => {
    const answering = (second: 'rejected' | 'unknown') =>
      serving(({ id }, out, { node }) => {
        if (node !== 3) out.respond(id, 'redirect', 3);
        else out.respond(id, second, 0);
      });
    const places = (second: 'rejected' | 'unknown') =>
      only(watchOperators([operator([[change, 2]])], answering(second)), 'adminRequested')
        .map(({ n }) => n)
        .slice(0, 5);
    expect(places('rejected')).toEqual([2, 3, 3, 3, 3]);
    expect(places('unknown')).toEqual([2, 3, 1, 3, 1]);
  });

  test('the named server for a snapshot, always; else any that is up', () => {
    const redirecting = serving(({ id }, out) => out.respond(id, 'redirect', 1));
    const named = watchOperators([operator([[snapshot, 2]])], redirecting);
    expect(new Set(only(named, 'adminRequested').map(({ n }) => n))).toEqual(new Set([2]));
    const nodes = new Set<number>();
    for (let seed = 0; seed < 30; seed += 1) {
      const faults = [at(1_000, { do: 'crash', node: 2, restartUs: null, keep: 'all' })];
      const plan = { seed: String(seed), faults };
      const watched = watchOperators([operator([[snapshot]])], ok, plan);
      expect(arrived(watched).length).toBe(1);
      nodes.add(only(watched, 'adminRequested')[0]!.n);
    }
    expect([...nodes].sort()).toEqual([1, 3]);
  });

  test('spare servers too, and is redirected to them', () => {
    const script = serving(({ id }, out, { node }) => {
      out.respond(id, node === 5 ? 'ok' : 'redirect', 5);
    });
    const cluster = { ...planOf().cluster, spares: 2 };
    const watched = watchOperators([operator([[change, 4]])], script, { cluster });
    expect(arrived(watched)).toEqual(['o1.1#1 → 4', 'o1.1#2 → 5']);
  });
});

describe('an operator asks again', () => {
  test('after a pause that is drawn, with a new id', () => {
    const script = serving(({ id }, out) => out.respond(id, 'rejected', 0));
    const watched = watchOperators([operator([[change]])], script);
    const asked = only(watched, 'adminRequested');
    expect(asked.map(({ requestId }) => requestId)).toEqual(asked.map((_, i) => `o1.1#${i + 1}`));
    const gaps = asked.slice(1).map(({ t }, i) => t - asked[i]!.t);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_400);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(44_000);
    expect(new Set(gaps).size).toBe(gaps.length);
  });

  test('when a server says nothing for four of the longest election timeouts', () => {
    const config = { ...planOf().cluster.config, electionMsMin: 30, electionMsMax: 40 };
    const cluster = { ...planOf().cluster, config };
    const watched = watchOperators([operator([[change]])], () => {}, { cluster });
    const asked = only(watched, 'adminRequested');
    expect(asked.map(({ n }) => n)).toEqual([1, 2, 3, 1, 2, 3]);
    const gaps = asked.slice(1).map(({ t }, i) => t - asked[i]!.t);
    for (const gap of gaps) expect(Math.abs(gap - 160_000)).toBeLessThan(1_900);
  });

  test('when a server is down, or goes down before it has answered', () => {
    const down = at(1_000, { do: 'crash', node: 1, restartUs: null, keep: 'all' });
    const dies = at(60_000, { do: 'crash', node: 2, restartUs: null, keep: 'all' });
    const script = serving(({ id }, out, { node }) => {
      if (node === 3) out.respond(id, 'ok', 0);
    });
    const watched = watchOperators([operator([[change, 1]])], script, { faults: [down, dies] });
    const ids = only(watched, 'adminRequested').map(({ n, requestId }) => `${requestId} → ${n}`);
    // Of the first server it only hears that it is down.
    expect(ids).toEqual(['o1.1#2 → 2', 'o1.1#3 → 3']);
    const [second, third] = only(watched, 'adminRequested');
    expect(second!.t).toBeLessThan(60_000);
    expect(third!.t).toBeGreaterThan(60_000);
    expect(third!.t).toBeLessThan(110_000);
  });

  test('when a server is down that was paused when it was asked', () => {
    const faults = [
      at(1_000, { do: 'pause', node: 1, forUs: 500_000 }),
      at(50_000, { do: 'crash', node: 1, restartUs: null, keep: 'all' }),
    ];
    const watched = watchOperators([operator([[change, 1]])], ok, { faults });
    const [asked] = only(watched, 'adminRequested');
    expect(arrived(watched)).toEqual(['o1.1#2 → 2']);
    expect(asked!.t).toBeGreaterThan(50_000);
  });

  test('until it gives up, and goes on with the next request', () => {
    const script = serving(({ id, request }, out) => {
      out.respond(id, request.kind === 'takeSnapshot' ? 'ok' : 'rejected', 0);
    });
    const requests = [[change], [snapshot]] as const;
    const watched = watchOperators([operator(requests, 200_000)], script);
    const asked = only(watched, 'adminRequested');
    const changes = asked.filter(({ request }) => request.kind === 'changeMembership');
    expect(changes.length).toBeGreaterThan(5);
    expect(changes.at(-1)!.t).toBeLessThan(212_000);
    const snapshots = asked.filter(({ request }) => request.kind === 'takeSnapshot');
    expect(snapshots.map(({ requestId }) => requestId)).toEqual(['o1.2#1']);
    expect(snapshots[0]!.t).toBeGreaterThan(210_000);
    expect(snapshots[0]!.t).toBeLessThan(213_000);
  });

  test('no more once an earlier attempt has succeeded after all', () => {
    let first = '';
    const script: Script = (event, out) => {
      if (event.kind !== 'admin') {
        if (event.kind === 'timer') out.respond(first, 'ok', 0);
        return;
      }
      if (first === '') {
        first = event.id;
        out.setTimer('late', 500, 500);
      } else out.respond(event.id, 'rejected', 0);
    };
    const config = { ...planOf().cluster.config, electionMsMin: 30, electionMsMax: 40 };
    const cluster = { ...planOf().cluster, config };
    const watched = watchOperators([operator([[change]])], script, { cluster });
    const answers = only(watched, 'responded');
    expect(answers.at(-1)!.requestId).toBe('o1.1#1');
    expect(answers.length).toBeGreaterThan(5);
    expect(only(watched, 'adminRequested').at(-1)!.t).toBeLessThan(answers.at(-1)!.t + 4_000);
  });
});

describe('two operators', () => {
  const two = [operator([[change, 1], [change]]), operator([[transfer, 1]])];

  test('go their own ways', () => {
    const script = serving(({ id, request }, out) => {
      if (request.kind === 'changeMembership') out.respond(id, 'ok', 0);
    });
    const watched = watchOperators(two, script);
    const ids = only(watched, 'adminRequested').map(({ requestId }) => requestId);
    expect(ids.filter((id) => id.startsWith('o1'))).toEqual(['o1.1#1', 'o1.2#1']);
    expect(ids.filter((id) => id.startsWith('o2'))).toEqual(['o2.1#1']);
  });

  test('have luck of their own', () => {
    const alone = watchOperators([two[0]!], ok);
    const both = watchOperators(two, ok);
    const times = (watched: Watched) =>
      only(watched, 'adminRequested').flatMap(({ t, requestId }) =>
        requestId.startsWith('o1') ? [t] : [],
      );
    expect(times(both)).toEqual(times(alone));
  });
});

describe('after the heal', () => {
  test('nothing is asked any more, and what was asked may be answered', () => {
    const script = serving(({ id }, out) => out.respond(id, 'rejected', 0));
    const phases = { ...planOf().phases, chaosUs: 200_000, settle: true };
    const plan = { phases, eventsMax: 400 };
    const busy: Script = (event, out, me) => {
      script(event, out, me);
      if (event.kind === 'start' || event.kind === 'timer') out.setTimer('tick', 10, 10);
    };
    const watched = watchOperators([operator([[change]], 5_000_000)], busy, plan);
    const asked = only(watched, 'adminRequested');
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.at(-1)!.t).toBeLessThan(202_000);
    expect(watched.result.virtualUs).toBeGreaterThan(500_000);
  });
});

describe('an answer', () => {
  const patient = operator(
    [
      [change, 1],
      [snapshot, 1],
    ],
    5_000_000,
  );

  test.each(['', 'o', 'o1.1#2', 'o1.2#1', 'o2.1#1', 'O1.1#1'])(
    'to %j, whom nobody is, means nothing',
    (id) => {
      const script = serving((_, out) => out.respond(id, 'ok', 0));
      const watched = watchOperators([patient], script);
      expect(arrived(watched)).toEqual(['o1.1#1 → 1']);
      expect(only(watched, 'responded').length).toBe(1);
    },
  );

  test('of a server that was not asked, or of another life, means nothing', () => {
    let asked = '';
    const script: Script = (event, out, { node, boot }) => {
      if (event.kind === 'admin') asked = event.id;
      if (event.kind === 'timer' && asked !== '' && (node === 2 || boot === 1)) {
        out.respond(asked, 'ok', 0);
      }
      if (event.kind === 'start' || event.kind === 'timer') out.setTimer('tick', 10, 10);
    };
    const faults = [at(50_000, { do: 'crash', node: 1, restartUs: 1_000, keep: 'all' })];
    const phases = { ...planOf().phases, chaosUs: 55_000 };
    const watched = watchOperators([patient], script, {
      faults,
      phases,
    });
    expect(arrived(watched)[0]).toBe('o1.1#1 → 1');
    expect(only(watched, 'responded').length).toBeGreaterThan(2);
    expect(arrived(watched).some((one) => one.startsWith('o1.2'))).toBe(false);
  });

  test('counts once', () => {
    const script = serving(({ id }, out) => {
      out.respond(id, 'rejected', 0);
      out.respond(id, 'ok', 0);
    });
    const watched = watchOperators([patient], script);
    expect(arrived(watched).every((one) => one.startsWith('o1.1'))).toBe(true);
    expect(arrived(watched).length).toBeGreaterThan(5);
  });
});
