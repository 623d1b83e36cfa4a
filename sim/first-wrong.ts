/** The first wrong action of a recorded run: what a failure began with, where a rule names it. */
import { Conformance } from '../invariants/conformance/conformance.ts';
import type { WrongAction } from '../invariants/conformance/rule.ts';
import type { Trace } from './trace/format.ts';
import { Player } from './trace/play.ts';

/** null when the run did not fail, or when no rule of Figure 2 was broken before it did. */
export function firstWrongOf({ header, records, end }: Trace): WrongAction | null {
  // Nobody reads the messages of programs.
  if (header.capabilities !== undefined) return null;
  const failedAt = end.violations[0]?.step ?? (end.verdict === 'exception' ? end.events : null);
  if (failedAt === null) return null;
  const conformance = new Conformance(header.plan);
  const player = new Player(conformance);
  try {
    for (const record of records) player.play(record);
  } catch {
    // Messages that are not those of Figure 2 say nothing: this is a diagnosis, and no verdict.
    return null;
  }
  const { first } = conformance;
  return first !== null && first.step <= failedAt ? first : null;
}
