/**
 * Processes that a program has started and that have left its group. They hold its pipes open, so
 * that a read would wait for ever, and live on when a grading is over. Looked for on Linux; elsewhere
 * they are found by nobody.
 */
import type { ChildProcess } from 'node:child_process';
import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';

const PASSES_MAX = 5;

/** Ends the line that somebody waits for, and makes room where somebody waits to write. */
export function unblock(events: number, answers: number): void {
  reopened(answers, constants.O_WRONLY, (fd) => writeSync(fd, '\n'));
  const chunk = Buffer.allocUnsafe(64 * 1024);
  reopened(events, constants.O_RDONLY, (fd) => {
    while (readSync(fd, chunk, 0, chunk.length, null) > 0);
  });
}

/** The other end of a pipe whose name is gone. */
function reopened(fd: number, flag: number, use: (fd: number) => void): void {
  try {
    const again = openSync(`/proc/self/fd/${fd}`, flag | constants.O_NONBLOCK);
    try {
      use(again);
    } finally {
      closeSync(again);
    }
  } catch {
    // Full or empty: nobody waits there.
  }
}

/** Kills whatever was started with its HOME below this folder. */
export function killLeftovers(folder: string): void {
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const found = numbersOfProcesses().filter((pid) => isAtHomeIn(folder, pid));
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone.
      }
    }
  }
}

function numbersOfProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function isAtHomeIn(folder: string, pid: number): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0HOME=${folder}/`);
  } catch {
    return false;
  }
}

/** Ends the process and all that it has started. */
export function killGroup(child: ChildProcess, signal: 'SIGKILL' | 'SIGABRT' = 'SIGKILL'): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // All of them are gone.
  }
}
