/**
 * Turns a run that was drawn into one that is said: what timers, clients, network and disks did by
 * luck becomes a script, so that it can be taken away piece by piece.
 */
import type { Fault, PinnedDecision, PinnedTimer, Plan } from '../kernel/plan.ts';
import { serverCount } from './nodes.ts';
import type { ObservedRun, ObservedSend } from './observed-run.ts';

/** How much of a run is said; the less, the better it can be read. */
export interface PinStyle {
  /**
   * far: timeouts lie beyond the end, and the script makes timers run out. pinned: the same by
   * pinned timers, with the timeouts of the plan. drawn: as they are.
   */
  readonly timers: 'far' | 'pinned' | 'drawn';
  /** Latency of every message that no decision is about; null: as drawn. */
  readonly latencyUs: number | null;
  /** Which messages get a decision of their own: those lost by luck, the late ones too, or all. */
  readonly decisions: 'lost' | 'late' | 'all';
  /** Time of every write; null: as drawn. */
  readonly diskUs: number | null;
  /** Faults on a fact: at the time at which they struck, just after it, or as they are. */
  readonly triggers: 'at' | 'after' | 'kept';
  /** scripted: what is requested is in the script. drawn: clients are as they are. */
  readonly clients: 'scripted' | 'drawn';
  /** A run that fails after the heal: is the heal said, too, or does the plan settle as before? */
  readonly heal: 'scripted' | 'kept';
}

/** The run of this plan, as a script. `failedUs` is when it failed. */
export function pinned(plan: Plan, observed: ObservedRun, failedUs: number, style: PinStyle): Plan {
  const settles = observed.healedUs !== null && style.heal === 'kept';
  // What is said ends here.
  const endUs = settles ? plan.phases.chaosUs : failedUs + 1;
  const faults = [
    ...ownFaults(plan, observed, style, endUs),
    ...(settles ? [] : healFaults(plan, observed)),
    ...(style.timers === 'drawn' ? [] : timerFaults(observed, endUs)),
  ];
  const isDrawn = style.clients === 'drawn';
  const phases = { ...plan.phases, chaosUs: endUs, settle: settles };
  const script = observed.requests.filter(({ atUs }) => atUs < endUs);
  const needsClients = settles && observed.phase === 'traffic';
  return {
    ...plan,
    phases: isDrawn || needsClients ? phases : { ...phases, trafficOperations: 0 },
    cluster: style.timers === 'far' ? farTimers(plan.cluster, endUs) : plan.cluster,
    network: style.latencyUs === null ? plan.network : quietNetwork(style.latencyUs),
    disk:
      style.diskUs === null
        ? plan.disk
        : { ...plan.disk, latencyUsMin: style.diskUs, latencyUsMax: style.diskUs },
    workload: isDrawn
      ? plan.workload
      : { ...plan.workload, clients: needsClients ? plan.workload.clients : 0, script },
    faults: byTime(faults),
    decisions:
      style.latencyUs === null
        ? plan.decisions
        : [...plan.decisions, ...decisionsOf(plan, observed, style, endUs)],
    timers: style.timers === 'pinned' ? quietTimers(plan, observed, endUs) : plan.timers,
  };
}

const quietNetwork = (latencyUs: number): Plan['network'] => ({
  latencyUsMin: latencyUs,
  latencyUsMax: latencyUs,
  tailPpm: 0,
  tailUsMax: 0,
  lossPpm: 0,
  duplicatePpm: 0,
  graveyardPpm: 0,
});

/** No timer runs out by itself before `endUs`. */
function farTimers(cluster: Plan['cluster'], endUs: number): Plan['cluster'] {
  const heartbeatMs = Math.ceil(endUs / 1_000_000) * 1000;
  const electionMsMin = 2 * heartbeatMs;
  const electionMsMax = 4 * heartbeatMs;
  return { ...cluster, config: { ...cluster.config, heartbeatMs, electionMsMin, electionMsMax } };
}

/** The faults of the plan that struck; an elapsed timer is in the list of timers already. */
function ownFaults(plan: Plan, observed: ObservedRun, style: PinStyle, endUs: number): Fault[] {
  const faults: Fault[] = [];
  for (const { place, atUs, node } of observed.strikes) {
    const fault = plan.faults[place]!;
    if (atUs >= endUs) continue;
    if (fault.what.do === 'elapse' && style.timers !== 'drawn') continue;
    faults.push('on' in fault.when ? onTime(fault, atUs, node, style.triggers) : fault);
  }
  return faults;
}

/** A fault that waits for a fact, as one that waits for a time. */
export function onTime(
  fault: Fault,
  struckUs: number,
  node: number,
  triggers: PinStyle['triggers'],
): Fault {
  if (triggers === 'kept') return fault;
  const atUs = triggers === 'at' ? struckUs : struckUs + 1;
  const { what } = fault;
  return {
    when: { atUs },
    what: 'node' in what && what.node === 0 ? { ...what, node } : what,
  };
}

function timerFaults(observed: ObservedRun, endUs: number): Fault[] {
  return observed.timers
    .filter(({ atUs }) => atUs < endUs)
    .map(({ atUs, node, timer }) => ({ when: { atUs }, what: { do: 'elapse', node, timer } }));
}

/** The heal as faults: links are free, who was down starts again, the rest is lost. */
function healFaults(plan: Plan, { healedUs, restarts, crashes }: ObservedRun): Fault[] {
  if (healedUs === null) return [];
  const when = { atUs: healedUs };
  const { core, rest } = plan.phases;
  const faults: Fault[] = [{ when, what: { do: 'unblock' } }];
  for (const { atUs, node, keep } of crashes) {
    if (atUs === healedUs)
      faults.push({ when, what: { do: 'crash', node, restartUs: null, keep } });
  }
  for (let node = 1; node <= serverCount(plan) && rest === 'cut'; node += 1) {
    if (core.includes(node)) continue;
    faults.push({ when, what: { do: 'isolate', node, direction: 'both', peers: 0, forUs: null } });
  }
  for (const { atUs, node } of restarts) {
    if (atUs === healedUs) faults.push({ when, what: { do: 'restart', node } });
  }
  return faults;
}

/** Faults on facts first, then by time; the order of equals stays. */
export function byTime(faults: readonly Fault[]): Fault[] {
  const timeOf = ({ when }: Fault): number => ('atUs' in when ? when.atUs : -1);
  return [...faults].sort((a, b) => timeOf(a) - timeOf(b));
}

function quietTimers(plan: Plan, observed: ObservedRun, endUs: number): PinnedTimer[] {
  const draws = new Map<string, PinnedTimer>();
  const pins: PinnedTimer[] = [];
  const names = new Set(['election', 'heartbeat', ...observed.timers.map(({ timer }) => timer)]);
  for (let node = 1; node <= serverCount(plan); node += 1) {
    for (const timer of names) {
      const pin = { node, timer, nth: 1, us: endUs + 40_000 * node };
      draws.set(`${node} ${timer}`, pin);
      pins.push(pin);
    }
  }
  for (const { atUs, node, timer } of observed.timers) {
    if (atUs >= endUs) break;
    const key = `${node} ${timer}`;
    const last = draws.get(key)!;
    const pin = { ...last, nth: last.nth + 1 };
    draws.set(key, pin);
    pins.push(pin);
  }
  return pins;
}

function decisionsOf(
  plan: Plan,
  observed: ObservedRun,
  style: PinStyle,
  endUs: number,
): PinnedDecision[] {
  const latencyUs = style.latencyUs!;
  const lateUs = plan.cluster.config.heartbeatMs * 500;
  const decisions: PinnedDecision[] = [];
  for (const send of observed.sends) {
    // A blocked link loses its messages in the script, too.
    if (send.atUs >= endUs || send.isBlocked) continue;
    const fate = fateOf(send);
    if (fate.drop) {
      const isLuck = send.copies === 0;
      const isLostAnyway = wasDown(send.to, send.atUs + latencyUs, observed);
      if (isLuck || (style.decisions !== 'lost' && !isLostAnyway)) {
        decisions.push(decision(send, fate));
      }
      continue;
    }
    const isLate = fate.duplicateUs !== null || fate.delayUs! >= lateUs;
    const isOther = style.decisions === 'all' && fate.delayUs !== latencyUs;
    if (style.decisions !== 'lost' && (isLate || isOther)) decisions.push(decision(send, fate));
  }
  return decisions;
}

/** What became of a message; one that has not arrived before the end is as good as lost. */
function fateOf({ atUs, copies, arrivedUs }: ObservedSend): Omit<PinnedDecision, 'match'> {
  const [firstUs, secondUs] = arrivedUs;
  if (firstUs === undefined) return { drop: true, delayUs: null, duplicateUs: null };
  const duplicateUs = copies === 2 && secondUs !== undefined ? secondUs - atUs : null;
  return { drop: false, delayUs: firstUs - atUs, duplicateUs };
}

function wasDown(node: number, atUs: number, { crashes, restarts }: ObservedRun): boolean {
  const crash = crashes.findLast((other) => other.node === node && other.atUs <= atUs);
  if (crash === undefined) return false;
  return !restarts.some(
    (restart) => restart.node === node && restart.atUs >= crash.atUs && restart.atUs <= atUs,
  );
}

function decision(
  { from, to, kind, term, nth }: ObservedSend,
  fate: Omit<PinnedDecision, 'match'>,
): PinnedDecision {
  return { match: { from, to, kind, term, nth }, ...fate };
}
