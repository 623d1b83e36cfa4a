/** What the cores of this machine and those who use them have done, as Linux counts it. */
import { readFileSync } from 'node:fs';

/** Of a clock tick, as Linux counts them for everybody. */
const TICK_MS = 10;

/** Clock ticks since the machine was started. */
export interface CoreTimes {
  readonly busy: number;
  readonly idle: number;
}

export function coreTimes(): ReadonlyMap<number, CoreTimes> {
  const found = new Map<number, CoreTimes>();
  for (const line of readFileSync('/proc/stat', 'utf8').split('\n')) {
    const [name, ...ticks] = line.split(/ +/);
    const core = /^cpu(\d+)$/.exec(name!)?.[1];
    if (core === undefined) continue;
    // user nice system idle iowait irq softirq steal; guests are in user already.
    const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map(Number);
    const busy = user! + nice! + system! + irq! + softirq! + steal!;
    found.set(Number(core), { busy, idle: idle! + iowait! });
  }
  return found;
}

/** Clock ticks that a process, or a thread by its path below /proc, has computed; null: it is gone. */
export function ticksOf(path: string): number | null {
  try {
    const stat = readFileSync(`/proc/${path}/stat`, 'utf8');
    // Its name stands in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return null;
  }
}

/** Milliseconds that a process has computed; null where nobody can tell. */
export function busyMs(pid: number): number | null {
  const ticks = ticksOf(`${pid}`);
  return ticks === null ? null : ticks * TICK_MS;
}

/** On which cores it may run, ascending; none where nobody can tell. */
export function coresOf(path: string): readonly number[] {
  try {
    const status = readFileSync(`/proc/${path}/status`, 'utf8');
    const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '';
    return list.split(',').flatMap((part) => {
      const [from, to = from] = part.split('-').map(Number);
      return from === undefined || Number.isNaN(from)
        ? []
        : Array.from({ length: to! - from + 1 }, (_, i) => from + i);
    });
  } catch {
    return [];
  }
}
