/** Timers that run out only where a script says so. */
import type { Fault, PinnedTimer } from '../sim/kernel/plan.ts';
import { nodesOf, type ScriptOptions, serverCount, toUs } from './script-options.ts';

/** The quiet ones, then what the script says: of two for the same duration the later wins. */
export function timersOf(
  options: ScriptOptions,
  faults: readonly Fault[],
  said: readonly PinnedTimer[],
  endMs: number,
): PinnedTimer[] {
  const { quietTimers = false, quietHeartbeats = false } = options;
  const count = serverCount(options);
  const pins = [
    ...(quietTimers ? quieten('election', count, faults, endMs) : []),
    ...(quietHeartbeats ? quieten('heartbeat', count, faults, endMs) : []),
    ...said,
  ];
  const isSame = (a: PinnedTimer, b: PinnedTimer) =>
    a.node === b.node && a.timer === b.timer && a.nth === b.nth;
  return pins.filter((pin) => pin === pins.findLast((other) => isSame(pin, other)));
}

/**
 * As many durations as the script can use up, and one more, outlast the script; all differ, so that
 * in a script that settles the servers do not stand all at once.
 */
function quieten(
  timer: string,
  count: number,
  faults: readonly Fault[],
  endMs: number,
): PinnedTimer[] {
  return nodesOf(count).flatMap((node) => {
    const elapses = faults.filter(
      ({ what }) => what.do === 'elapse' && what.timer === timer && [0, node].includes(what.node),
    );
    const us = toUs(endMs + 40 * node);
    return Array.from({ length: elapses.length + 1 }, (_, i) => ({ node, timer, nth: i + 1, us }));
  });
}
