/** Whose fault it is that a worker did not come back. */
import type { Loss } from './lane.ts';
import { type BenchFailure, type Failure, runAt, type SeedsTask } from './task.ts';

/**
 * - start: the implementation was never put to the test: it loops or dies before its first event.
 * - failure: the implementation's; bench: ours. Both are about one seed of the task.
 */
export type Blame =
  | { readonly kind: 'start'; readonly detail: string; readonly stack: string | null }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'bench'; readonly failure: BenchFailure };

/**
 * `hangMs` is how long the watchdog waited. Code of others that fails between two runs, in a real
 * timer for example, is not ours: of a foreign implementation that is its failure too.
 */
export function blameFor(loss: Loss, task: SeedsTask, hangMs: number, isForeign: boolean): Blame {
  const { reading, stack } = loss;
  const what = loss.how === 'hang' ? `did not return within ${hangMs / 1000} s` : loss.message;
  // A worker that has run something has loaded it: it may still die of what an earlier run left behind.
  const isLoading = reading.position < 0 && !reading.hasRun;
  if (isForeign && isLoading && reading.isReady) {
    return { kind: 'start', detail: `While it was loaded it ${endOf(loss, what)}.`, stack };
  }
  if (reading.isInside && reading.events === 0) {
    return { kind: 'start', detail: `createServer() ${endOf(loss, what)}.`, stack };
  }
  const place = Math.max(0, reading.position);
  const run = { ...runAt(task, place), position: task.positions[place]!, stack };
  if (!reading.isInside && !(isForeign && loss.how === 'died')) {
    const detail = `The bench ${endOf(loss, what)} after event ${reading.events}.`;
    return { kind: 'bench', failure: { ...run, detail } };
  }
  const who = reading.node === 0 ? 'The implementation' : `Server ${reading.node}`;
  const when = reading.position < 0 ? 'after a run' : `at event ${reading.events}`;
  const detail = `${who} ${endOf(loss, what)} ${when}.`;
  const kind = loss.how === 'hang' ? 'hang' : 'died';
  const { events } = reading;
  const failure: Failure = { ...run, kind, violation: null, detail, events, digest: null };
  return { kind: 'failure', failure };
}

function endOf(loss: Loss, what: string): string {
  return loss.how === 'hang' ? what : `took its worker down (${what})`;
}

/** What is left of a task without the seed that is to blame: the seeds before it, and after it. */
export function withoutPlace(task: SeedsTask, place: number): readonly SeedsTask[] {
  const slice = (from: number, to: number): SeedsTask => ({
    ...task,
    positions: task.positions.slice(from, to),
    seeds: task.seeds.slice(from, to),
    ...(task.plans && { plans: task.plans.slice(from, to) }),
  });
  const rest = [slice(0, place), slice(place + 1, task.seeds.length)];
  return rest.filter((part) => part.seeds.length > 0);
}
