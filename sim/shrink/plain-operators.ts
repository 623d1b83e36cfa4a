/** What operators ask for, and clocks that are not true, in plainer forms. */
import type { ClockPlan, OperatorPlan, Plan } from '../kernel/plan.ts';
import { noLonger, type Search } from './search.ts';

/** What a plan file has when it says nothing. */
const OPERATOR_TIMEOUT_US = 2_000_000;

/** Asked of whoever leads, with the patience that is usual. */
export async function simplifyOperators(search: Search): Promise<void> {
  const having = (place: number, operator: OperatorPlan): Plan => {
    const operators = search.plan.operators.map((other, i) => (i === place ? operator : other));
    return { ...search.plan, operators };
  };
  for (let place = 0; place < search.plan.operators.length; place += 1) {
    const usual = { ...search.plan.operators[place]!, timeoutUs: OPERATOR_TIMEOUT_US };
    await search.accept(having(place, usual), noLonger(search));
    for (let nth = 0; nth < search.plan.operators[place]!.requests.length; nth += 1) {
      const operator = search.plan.operators[place]!;
      for (const plain of plainerWishes(operator.requests[nth]!)) {
        const requests = operator.requests.map((other, i) => (i === nth ? plain : other));
        if (await search.accept(having(place, { ...operator, requests }), noLonger(search))) break;
      }
    }
  }
}

/** The same wish in plainer forms, the plainest first. */
function plainerWishes(asked: OperatorPlan['requests'][number]): OperatorPlan['requests'] {
  const { request, node } = asked;
  const forms = [];
  if (request.kind === 'changeMembership' && request.learners.length > 0) {
    forms.push({ ...asked, node: 0, request: { ...request, learners: [] } });
    forms.push({ ...asked, request: { ...request, learners: [] } });
  }
  if (node !== 0) forms.push({ ...asked, node: 0 });
  return forms;
}

/** True clocks were tried before: now those that are only ahead, or only fast. */
export async function simplifyClocks(search: Search): Promise<void> {
  for (let place = 0; place < search.plan.clocks.length; place += 1) {
    const clock = search.plan.clocks[place]!;
    const forms: ClockPlan[] = [
      { ...clock, offsetUs: 0, ratePpm: 0 },
      { ...clock, offsetUs: 0 },
      { ...clock, ratePpm: 0 },
    ];
    for (const form of forms) {
      const clocks = search.plan.clocks.map((other, i) => (i === place ? form : other));
      if (await search.accept({ ...search.plan, clocks }, noLonger(search))) break;
    }
  }
}
