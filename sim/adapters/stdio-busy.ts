/** How long a process has computed. */
import { readFileSync } from 'node:fs';

/** Of a clock tick, as Linux counts them for everybody. */
const TICK_MS = 10;

/** Milliseconds; null where nobody can tell: elsewhere than on Linux, or when it is gone. */
export function busyMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Its name stands in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
