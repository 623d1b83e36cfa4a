/**
 * Why a server does something else alone than it did in a run. It is fed the same events in more
 * and more of the company that it had then: what first makes it act as it did is the cause.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AloneOptions, Otherwise } from './alone.ts';
import type { Tape, TapeStep } from './tape.ts';
import type { Sighting, Source } from './traps.ts';

/**
 * - chance: two copies that are fed the same differ: a clock or a random number.
 * - environment: another process has other variables, another locale, time zone or id.
 * - later: work that was left to a promise or a timer got its turn.
 * - earlier life, other servers, earlier run: memory of the module that is shared with these.
 * - unknown: none of these.
 */
export type Cause =
  | 'chance'
  | 'environment'
  | 'later'
  | 'earlier life'
  | 'other servers'
  | 'earlier run'
  | 'unknown';

export interface Experiments {
  /** Feeds the steps; in another process with another environment, or in one like the run's. */
  alone(
    steps: readonly TapeStep[],
    options: AloneOptions,
    where: 'elsewhere' | 'here',
  ): Promise<Otherwise | null>;
  /** The same run again, with nothing before it; null when it did not come back. */
  tapeFirst(): Promise<Tape | null>;
}

const ALONE: AloneOptions = { company: 'life', yields: true };
/** So often two copies are compared: chance may make the same choice twice. */
const REPETITIONS = 3;

/** `otherwise` is what came of feeding the tape with ALONE elsewhere. */
export async function causeOf(
  { steps }: Tape,
  otherwise: Otherwise,
  experiments: Experiments,
): Promise<Cause> {
  const known = await causeWithin(steps, otherwise, experiments);
  if (known !== null) return known;
  // Neither chance nor company: it had something before the run began.
  const first = await experiments.tapeFirst();
  if (first === null) return 'unknown';
  const all = await experiments.alone(first.steps, { company: 'run', yields: false }, 'here');
  return all === null ? 'earlier run' : 'unknown';
}

async function causeWithin(
  steps: readonly TapeStep[],
  otherwise: Otherwise,
  { alone }: Experiments,
): Promise<Cause | null> {
  const { node, boot, place } = otherwise;
  const before = steps.filter((step) => step.place <= place);
  const ofNode = before.filter((step) => step.node === node);
  const ofLife = ofNode.filter((step) => step.boot === boot);
  for (let i = 0; i < REPETITIONS; i += 1) {
    const again = await alone(ofLife, ALONE, 'elsewhere');
    if (!isDeepStrictEqual(again, otherwise)) return 'chance';
  }
  const companies: readonly (readonly [Cause, readonly TapeStep[], AloneOptions])[] = [
    ['environment', ofLife, ALONE],
    ['later', ofLife, { company: 'life', yields: false }],
    ['earlier life', ofNode, { company: 'node', yields: false }],
    ['other servers', before, { company: 'run', yields: false }],
  ];
  for (const [cause, company, options] of companies) {
    if ((await alone(company, options, 'here')) !== null) continue;
    // A die that mostly falls the same way has been lucky above: once is not enough here either.
    for (let i = 1; i < REPETITIONS; i += 1) {
      if ((await alone(company, options, 'here')) !== null) return 'chance';
    }
    return cause;
  }
  return null;
}

const SOURCES: Readonly<Record<Cause, readonly Source[]>> = {
  chance: ['chance', 'clock', 'file'],
  environment: ['environment', 'file'],
  later: ['later'],
  'earlier life': [],
  'other servers': [],
  'earlier run': [],
  unknown: ['chance', 'clock', 'environment', 'file', 'later'],
};

/** The call that is most likely to blame: the last one of this server until it went another way. */
export function suspect(
  cause: Cause,
  { node, place }: Otherwise,
  sightings: readonly Sighting[],
): Sighting | null {
  const fitting = sightings.filter(({ source }) => SOURCES[cause].includes(source));
  const own = fitting.findLast((one) => one.node === node && one.place <= place);
  return own ?? fitting.findLast((one) => one.place <= place) ?? fitting[0] ?? null;
}
