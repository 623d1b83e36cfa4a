/** In which words a run is said: from the plainest to those that leave nothing to luck. */
import type { Plan } from '../kernel/plan.ts';
import type { PinStyle } from './pin.ts';

export type { PinStyle };

/** What a message and a write take in a script. */
const LATENCY_US = 1_000;
const DISK_US = 200;

/** The styles to try, the plainest first. */
export function* pinStyles(plan: Plan, isHealed: boolean): Generator<PinStyle> {
  const { network, disk } = plan;
  const latencyUs = middle(network.latencyUsMin, network.latencyUsMax);
  const diskUs = middle(disk.latencyUsMin, disk.latencyUsMax);
  const worlds = [
    { decisions: 'lost', latencyUs: LATENCY_US, diskUs: DISK_US },
    { decisions: 'late', latencyUs: LATENCY_US, diskUs: DISK_US },
    { decisions: 'lost', latencyUs, diskUs },
    { decisions: 'late', latencyUs, diskUs },
    { decisions: 'all', latencyUs, diskUs: DISK_US },
    { decisions: 'all', latencyUs, diskUs },
    { decisions: 'all', latencyUs, diskUs: null },
  ] as const;
  // A script can say nothing of sessions: only clients that draw what they do have them.
  const clientStyles = plan.workload.sessions ? (['scripted', 'drawn'] as const) : SCRIPTED;
  for (const clients of clientStyles) {
    for (const heal of isHealed ? (['scripted', 'kept'] as const) : SCRIPTED) {
      for (const timers of ['far', 'pinned', 'drawn'] as const) {
        for (const world of worlds) {
          for (const triggers of ['after', 'at', 'kept'] as const) {
            yield { heal, timers, ...world, triggers, clients };
          }
        }
      }
    }
  }
}

const SCRIPTED = ['scripted'] as const;

function middle(min: number, max: number): number {
  return Math.max(1, Math.round((min + max) / 2));
}

/** The same words but for the moment at which faults strike. */
export function areAlike(a: PinStyle, b: PinStyle): boolean {
  const isSameWorld = a.heal === b.heal && a.timers === b.timers && a.decisions === b.decisions;
  return isSameWorld && a.clients === b.clients;
}
