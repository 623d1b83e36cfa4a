/**
 * One server's clock: how its own microseconds pass while the world's do. It never jumps and runs on
 * while its server is paused or down; the wall clock may jump. Whole numbers all the way, so that it
 * is the same on every machine: a function of the plan, the server and the time.
 */
import type { ServerConfig } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { ClockPlan, Plan } from './plan.ts';

const MILLION = 1_000_000;

export class Clock {
  /** It shows true time: asked on every event, so a plain field. */
  readonly isTrue: boolean;
  private readonly offsetUs: number;
  /** Local microseconds in a million true ones. */
  private readonly pace: number;
  private readonly jumps: ClockPlan['jumps'];

  constructor(clocks: readonly ClockPlan[], node: NodeId) {
    const clock = clocks.find((one) => one.node === node);
    this.isTrue = clock === undefined;
    this.offsetUs = clock?.offsetUs ?? 0;
    this.pace = MILLION + (clock?.ratePpm ?? 0);
    this.jumps = clock?.jumps ?? [];
  }

  /** Local milliseconds, whole, rounded down. */
  now(atUs: number): number {
    if (this.isTrue) return Math.floor(atUs / 1000);
    return Math.floor((this.offsetUs + this.passedUs(atUs)) / 1000);
  }

  /** What the wall shows when `now` is `now`, ms: the same but for the jumps, and never below 0. */
  wallClock(atUs: number, now: number): number {
    if (this.isTrue) return now;
    let us = this.offsetUs + this.passedUs(atUs);
    for (const jump of this.jumps) if (jump.atUs <= atUs) us += jump.byUs;
    return Math.max(0, Math.floor(us / 1000));
  }

  /**
   * The first microsecond of true time, from `atUs` on, at which this much local time has passed.
   * One of a slow clock may have begun before `atUs`, where there is no way back to.
   */
  after(atUs: number, localUs: number): number {
    if (this.isTrue) return atUs + localUs;
    const { pace } = this;
    const targetUs = this.passedUs(atUs) + localUs;
    // In two parts: the product of a long time and a million is no exact number any more.
    const rest = targetUs % pace;
    const us = ((targetUs - rest) / pace) * MILLION + Math.ceil((rest * MILLION) / pace);
    return Math.max(atUs, us);
  }

  /** Local time since the start of the run, rounded down. */
  private passedUs(atUs: number): number {
    const rest = atUs % MILLION;
    return ((atUs - rest) / MILLION) * this.pace + Math.floor((rest * this.pace) / MILLION);
  }
}

/**
 * What the servers are told about time, as the world's clock sees it: the earliest election timeout
 * of the fastest of them, the latest one and the latest heartbeat of the slowest.
 */
export function inTrueTime({ clocks, cluster }: Pick<Plan, 'clocks' | 'cluster'>): ServerConfig {
  const { config } = cluster;
  if (clocks.length === 0) return config;
  const rates = clocks.map(({ ratePpm }) => ratePpm);
  const fastest = MILLION + Math.max(0, ...rates);
  const slowest = MILLION + Math.min(0, ...rates);
  return {
    ...config,
    electionMsMin: Math.floor((config.electionMsMin * MILLION) / fastest),
    electionMsMax: Math.ceil((config.electionMsMax * MILLION) / slowest),
    heartbeatMs: Math.ceil((config.heartbeatMs * MILLION) / slowest),
  };
}
