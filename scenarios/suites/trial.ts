/**
 * What the plans of graded tests are made of. Every length of time is a multiple of the longest
 * election timeout that the submission has declared, so that slow and fast ones are tested alike.
 */
import type { Fault } from '../../sim/kernel/fault.ts';
import type { ClockPlan, OperatorPlan, PhasesPlan, Plan } from '../../sim/kernel/plan.ts';
import { decide, openStream, type Stream } from '../../sim/kernel/random.ts';
import { completePlan } from '../../sim/load-plan.ts';
import type { Capabilities } from '../../sim/protocol/capabilities.ts';

/** One run of a test: its own randomness, and its own measure of time. */
export interface Trial {
  readonly seed: string;
  readonly capabilities: Capabilities;
  readonly draw: Stream;
  /** So many election timeouts, in microseconds. */
  us(electionTimeouts: number): number;
  /** A drawn length between so many and so many election timeouts, in microseconds. */
  usBetween(least: number, most: number): number;
  /** A drawn whole number, both ends included. */
  pick(least: number, most: number): number;
}

/** What a test makes of the world; all that is left out is calm. */
export interface Shape {
  readonly size: number;
  readonly spares?: number;
  /** Election timeouts in which faults happen and clients ask. */
  readonly chaos: number;
  readonly network?: NetworkKind;
  readonly disk?: keyof typeof DISKS;
  /** This share of the writes fails, parts per million. */
  readonly failPpm?: number;
  /** Election timeouts that the bench takes for a snapshot, at most. */
  readonly snapshotTakes?: number;
  /** Clients; 0: nobody ever asks for anything, so that who only elects can pass. */
  readonly clients?: number;
  /** Election timeouts between two commands of one client. */
  readonly every?: number;
  /** Election timeouts after which a client asks somebody else. */
  readonly timeout?: number;
  readonly keys?: number;
  readonly readPpm?: number;
  /** Commands of one client in one event, at most, for programs that take several. */
  readonly batchMax?: number;
  readonly faults?: readonly Fault[];
  readonly script?: Plan['workload']['script'];
  readonly operators?: readonly OperatorPlan[];
  /** All servers, unless some of them stay dead or cut off after the heal. */
  readonly core?: readonly number[];
  readonly rest?: PhasesPlan['rest'];
  readonly traffic?: number;
  /** Commands between two snapshots; 0: none. */
  readonly snapshotEntries?: number;
  readonly eventsMax?: number;
  /** Clocks may be so much faster or slower than true time, parts per million. */
  readonly driftPpm?: number;
  readonly clocks?: readonly Pick<ClockPlan, 'node' | 'ratePpm'>[];
}

/**
 * - far: no message takes less than a twentieth of an election timeout, and most take much more, so
 *   that several stand for election at once. late: far, and half of the messages late by up to four.
 * - calm: nothing is lost. lossy: one message in ten, each way.
 * - doubled: messages come twice, and old ones once more. slow: delays of up to two election timeouts.
 * - reordering: lossy, and two of three messages late by up to seven election timeouts.
 * - hostile: some of each.
 */
export type NetworkKind =
  | 'calm'
  | 'far'
  | 'late'
  | 'lossy'
  | 'doubled'
  | 'slow'
  | 'reordering'
  | 'hostile';

export function newTrial(seed: string, capabilities: Capabilities): Trial {
  const draw = openStream(seed, 'suite');
  const unitUs = capabilities.electionMs[1] * 1_000;
  const us = (electionTimeouts: number): number => Math.floor(unitUs * electionTimeouts);
  return {
    seed,
    capabilities,
    draw,
    us,
    usBetween: (least, most) => decide(draw, us(least), us(most)),
    pick: (least, most) => decide(draw, least, most),
  };
}

/** Election timeouts that a write takes, least and most. */
const DISKS = {
  fast: [0.000_5, 0.002],
  slow: [0.01, 0.1],
  crawling: [0.02, 0.5],
} as const;

/** The plan of one run. */
export function planOf(trial: Trial, shape: Shape): Plan {
  const { us, capabilities } = trial;
  const [electionMsMin, electionMsMax] = capabilities.electionMs;
  const clients = shape.clients ?? 2;
  const disk = DISKS[shape.disk ?? 'fast'];
  const core = shape.core ?? Array.from({ length: shape.size }, (_, i) => i + 1);
  return completePlan({
    seed: trial.seed,
    cluster: {
      size: shape.size,
      spares: shape.spares ?? 0,
      config: {
        electionMsMin,
        electionMsMax,
        heartbeatMs: capabilities.heartbeatMs,
        preVote: capabilities.preVote,
        checkQuorum: capabilities.checkQuorum || capabilities.reads === 'lease',
        reads: capabilities.reads === 'none' ? 'log' : capabilities.reads,
        membership: capabilities.membership === 'single' ? 'singleServer' : 'joint',
        snapshotEntries: shape.snapshotEntries ?? 0,
        clockDriftPpm: shape.driftPpm ?? 0,
      },
      restartAfterHaltUs: us(1),
    },
    network: networkOf(trial, shape.network ?? 'calm'),
    disk: {
      latencyUsMin: us(disk[0]),
      latencyUsMax: us(disk[1]),
      failPpm: shape.failPpm ?? 0,
      snapshotUsMax: us(shape.snapshotTakes ?? 0),
    },
    workload: {
      clients,
      intervalUs: Math.max(1, us(shape.every ?? 0.25)),
      keys: shape.keys ?? 3,
      readPpm: shape.readPpm ?? (capabilities.reads === 'none' ? 0 : 200_000),
      batchMax: capabilities.requestBatches ? (shape.batchMax ?? 1) : 1,
      timeoutUs: us(shape.timeout ?? 4),
      script: shape.script ?? [],
    },
    phases: {
      chaosUs: us(shape.chaos),
      core: [...core],
      rest: shape.rest ?? 'dead',
      inFlight: trial.pick(0, 1) === 0 ? 'drop' : 'hurry',
      trafficOperations: clients === 0 ? 0 : (shape.traffic ?? 6),
      settle: true,
    },
    faults: [...(shape.faults ?? [])],
    operators: [...(shape.operators ?? [])],
    clocks: [...(shape.clocks ?? [])],
    eventsMax: shape.eventsMax ?? 100_000,
  });
}

type NetworkFile = NonNullable<Parameters<typeof completePlan>[0]['network']>;

function networkOf({ us }: Trial, kind: NetworkKind): NetworkFile {
  const usual = { latencyUsMin: us(0.002), latencyUsMax: us(0.02) };
  switch (kind) {
    case 'calm':
      return usual;
    case 'far':
      return { latencyUsMin: us(0.05), latencyUsMax: us(0.4) };
    case 'late':
      return { latencyUsMin: us(0.05), latencyUsMax: us(0.3), tailPpm: 500_000, tailUsMax: us(4) };
    case 'lossy':
      return { ...usual, latencyUsMax: us(0.09), lossPpm: 100_000 };
    case 'doubled':
      return { ...usual, latencyUsMax: us(0.09), duplicatePpm: 200_000, graveyardPpm: 50_000 };
    case 'slow':
      return { ...usual, tailPpm: 200_000, tailUsMax: us(2) };
    case 'reordering':
      return { ...usual, lossPpm: 100_000, tailPpm: 667_000, tailUsMax: us(7) };
    case 'hostile':
      return {
        ...usual,
        latencyUsMax: us(0.1),
        lossPpm: 50_000,
        duplicatePpm: 50_000,
        graveyardPpm: 30_000,
        tailPpm: 100_000,
        tailUsMax: us(3),
      };
  }
}
