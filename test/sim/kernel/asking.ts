/** Clients in front of servers that follow a script, and what became of their operations. */
import type { ClientRequest, Outbox } from '../../../core/contract.ts';
import type { Plan, WorkloadPlan } from '../../../sim/kernel/plan.ts';
import { type Life, only, planOf, type Script, type Watched, watch } from './probe.ts';

export type Answer = (request: ClientRequest, out: Outbox, me: Life) => void;

/** Servers that do this with each request. */
export function serving(answer: Answer): Script {
  return (event, out, me) => {
    if (event.kind !== 'request') return;
    for (const request of event.requests) answer(request, out, me);
  };
}

export const ok: Answer = ({ id }, out) => out.respond(id, 'ok', 0);
export const silence: Answer = () => {};

/** Three servers and one client that asks every 20 ms, for a second. */
export function ask(
  workload: Partial<WorkloadPlan>,
  script: Script,
  sections: Partial<Plan> = {},
): Watched {
  return watch(planOf({ workload: { clients: 1, ...workload }, ...sections }), script);
}

/** Every attempt that reached a server: `client.seq/attempt` and where and when. */
export function attempts({ facts }: Pick<Watched, 'facts'>) {
  return only({ facts }, 'requested').flatMap(({ n, t, requests }) =>
    requests.map(({ id, command }) => ({ id, op: command.op, n, t })),
  );
}

/** One client's operations, from invocation to return. */
export function operations({ facts }: Pick<Watched, 'facts'>, client = 1) {
  const returns = new Map(
    only({ facts }, 'returned')
      .filter(({ clientId }) => clientId === client)
      .map((fact) => [fact.seq, fact]),
  );
  return only({ facts }, 'invoked')
    .filter(({ clientId }) => clientId === client)
    .map(({ t, seq, op }) => {
      const end = returns.get(seq);
      const outcome = end?.outcome ?? null;
      return { seq, op, outcome, value: end?.value ?? null, tookUs: (end?.t ?? t) - t, t };
    });
}
