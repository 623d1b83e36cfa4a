/**
 * The course of a run: chaos, heal, quiet (no client traffic: everything must converge), traffic
 * (everything must progress), end.
 */
import type { NodeId } from '../../core/messages.ts';
import type { Arbiter } from '../../invariants/arbiter.ts';
import type { Phase } from '../../invariants/facts.ts';
import type { Clients } from './clients.ts';
import { inTrueTime } from './clock.ts';
import type { EventQueue } from './event-queue.ts';
import { type Item, ItemKind } from './item.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';

/** What the phases need of the world. */
export interface Course {
  readonly queue: EventQueue;
  readonly clients: Clients;
  isOver: boolean;
  /** For good: it cannot be healed. */
  isGone(node: NodeId): boolean;
  heal(latencyUsMax: number): void;
  inspectStates(nodes: readonly NodeId[]): void;
}

/** After everything has converged, the cluster must stay calm for this many election timeouts. */
const CALM_ELECTION_TIMEOUTS = 20;

export class Phases {
  private phase: Phase = 'chaos';
  /** Servers of the plan's core that can be healed. */
  private core: readonly NodeId[];
  private readonly plan: Plan;
  private readonly course: Course;
  private readonly observation: Observation;
  private readonly judge: Arbiter;
  private readonly electionUsMin: number;
  private readonly electionUsMax: number;
  /** When calm ends; -1 while not converged. */
  private calmUntilUs = -1;
  private acknowledgedBefore = 0;

  constructor(plan: Plan, course: Course, observation: Observation, judge: Arbiter) {
    this.plan = plan;
    this.core = plan.phases.core;
    this.course = course;
    this.observation = observation;
    this.judge = judge;
    this.electionUsMin = plan.cluster.config.electionMsMin * 1000;
    this.electionUsMax = plan.cluster.config.electionMsMax * 1000;
  }

  begin(): void {
    this.enter('chaos');
    this.inspectAt(this.plan.phases.chaosUs);
  }

  /** Called at the end of chaos, then at least every election timeout. */
  inspect(): void {
    const { nowUs } = this.course.queue;
    if (this.phase === 'chaos') {
      if (this.plan.phases.settle) this.heal(nowUs);
      else this.end();
      return;
    }
    this.observation.inspected(nowUs);
    if (this.judge.isDecided) return;
    switch (this.phase) {
      case 'heal':
        this.enter('quiet');
        break;
      case 'quiet':
        this.watchQuiet(nowUs);
        break;
      default:
        this.watchTraffic();
    }
    if (!this.course.isOver) this.inspectAt(nowUs + this.electionUsMin);
  }

  private heal(nowUs: number): void {
    this.core = this.core.filter((node) => !this.course.isGone(node));
    if (this.core.length === 0) {
      // Nobody is left to settle, and the judge is to know.
      this.enter('heal');
      this.end();
      return;
    }
    const { electionMsMin, heartbeatMs } = inTrueTime(this.plan);
    const latencyUsMax = Math.max(1, Math.floor(((electionMsMin - heartbeatMs) * 1000) / 4));
    this.course.clients.close();
    const limitUs = nowUs + this.electionUsMin;
    this.course.queue.retime((atUs, item) => this.retime(atUs, item, limitUs));
    this.course.heal(latencyUsMax);
    this.enter('heal');
    this.inspectAt(nowUs + this.electionUsMax);
  }

  /** Messages of the chaos are dropped, or come within one election timeout. */
  private retime(atUs: number, item: Item, limitUs: number): number {
    if (item.kind !== ItemKind.message) return atUs;
    const { core } = this;
    if (this.plan.phases.inFlight === 'drop') return -1;
    if (!core.includes(item.node) || !core.includes(item.from)) return -1;
    return Math.min(atUs, limitUs);
  }

  private watchQuiet(nowUs: number): void {
    if (this.calmUntilUs < 0) {
      if (!this.judge.isConverged()) return;
      this.calmUntilUs = nowUs + CALM_ELECTION_TIMEOUTS * this.electionUsMin;
    }
    if (nowUs < this.calmUntilUs) return;
    this.course.inspectStates(this.core);
    this.acknowledgedBefore = this.course.clients.acknowledged;
    this.enter('traffic');
    this.course.clients.reopen(this.core);
  }

  private watchTraffic(): void {
    const { clients } = this.course;
    const done = clients.acknowledged - this.acknowledgedBefore;
    if (done >= this.plan.phases.trafficOperations) clients.beginFinalReads();
    if (clients.isFinished) this.end();
  }

  private end(): void {
    this.enter('end');
    this.course.isOver = true;
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.observation.phaseBegan(this.course.queue.nowUs, phase, this.core);
  }

  private inspectAt(atUs: number): void {
    this.course.queue.push(atUs, ItemKind.inspect, 0, 0, 0, 0, null);
  }
}
