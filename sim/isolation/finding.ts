/** What isolation has found, in words. */

import { serverName } from '../timeline/server-name.ts';
import { Timeline } from '../timeline/timeline.ts';
import { divergenceAt } from '../trace/divergence.ts';
import type { Otherwise } from './alone.ts';
import type { Cause } from './cause.ts';
import { recordOf, type TapeStep } from './tape.ts';

export interface Finding {
  readonly otherwise: Otherwise;
  readonly cause: Cause;
  /** The call that is to blame, "Math.random in timeout (raft.ts:42)"; null when none was seen. */
  readonly call: string | null;
  /** Variables of the module that may hold memory, "lives (raft.ts:4)". */
  readonly variables: readonly string[];
}

/** What it did otherwise, in one sentence. `steps` are those of the tape. */
export function whatSentence(otherwise: Otherwise, steps: readonly TapeStep[]): string {
  const { place, node, boot, actions, thrown } = otherwise;
  const ofLife = steps.filter((step) => step.node === node && step.boot === boot);
  const step = ofLife.find((one) => one.place === place);
  if (step === undefined) return `Fed alone, ${serverName(node)} does not come back: ${thrown}.`;
  const before = ofLife.filter((one) => one.place < place).map((one) => recordOf(one, one.actions));
  const timeline = new Timeline();
  for (const record of before) timeline.take(record);
  const event = timeline.take(recordOf(step, [])).event.text;
  const divergence = divergenceAt(before, recordOf(step, step.actions), recordOf(step, actions));
  const alone = thrown === null ? divergence.replayed : `throws ${thrown}`;
  const life = boot === 0 ? '' : `, life ${boot + 1},`;
  return (
    `Fed alone with the same events, ${serverName(node)}${life} acts otherwise at event ${place} ` +
    `(${event}): it ${alone}; in the run it ${divergence.recorded}.`
  );
}

const CAUSES: Readonly<Record<Cause, string>> = {
  chance: 'It reads a clock or draws a random number',
  environment: 'It depends on its process: variables, locale, time zone or id',
  later: 'It leaves work to a promise or a timer, which is done when a step is over',
  'earlier life': 'A variable of the module outlives a crash',
  'other servers': 'Servers share a variable of the module',
  'earlier run': 'A variable of the module outlives the run',
  unknown: 'What it depends on is not known',
};

const SHOWN_MAX = 4;

/** Why, in one sentence. */
export function causeSentence({ cause, call, variables }: Finding): string {
  if (call !== null) return `${CAUSES[cause]}: it calls ${call}.`;
  const isMemory = ['earlier life', 'other servers', 'earlier run'].includes(cause);
  if (!isMemory || variables.length === 0) return `${CAUSES[cause]}.`;
  const more = variables.length > SHOWN_MAX ? ' …' : '';
  return `${CAUSES[cause]}: perhaps ${variables.slice(0, SHOWN_MAX).join(', ')}${more}.`;
}
