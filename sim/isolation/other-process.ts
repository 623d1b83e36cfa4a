/**
 * A process of its own for servers that are fed alone: what one process keeps to itself, memory,
 * clocks, variables, is not there.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Loss } from '../campaign/lane.ts';
import type { AloneReply, AloneTask } from './task.ts';

export type AloneResult =
  | { readonly kind: 'done'; readonly reply: AloneReply }
  | Pick<Loss, 'kind' | 'how' | 'message'>;

/** Programs that a module may start find what they need; all else is gone. */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'NODE_OPTIONS'];

/** Another environment than this one: other variables, another locale, another time zone. */
export function otherEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    KEPT.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])),
  );
  const TZ = own['TZ'] === 'Pacific/Chatham' ? 'UTC' : 'Pacific/Chatham';
  const LC_ALL = own['LC_ALL']?.startsWith('sv') === true ? 'en_US.UTF-8' : 'sv_SE.UTF-8';
  return { ...kept, TZ, LC_ALL };
}

export class OtherProcess {
  private readonly modulePath: string;
  private readonly start: object;
  private child: ChildProcess | null = null;
  /** Ends the running task; null between tasks. */
  private settle: ((result: AloneResult) => void) | null = null;

  /** `start` is sent to the module first; it answers each task that follows with one result. */
  constructor(modulePath: string, start: object) {
    this.modulePath = modulePath;
    this.start = start;
  }

  /** One task at a time. */
  run(task: AloneTask): Promise<AloneResult> {
    this.child ??= this.fork();
    return new Promise((resolve) => {
      this.settle = (result) => {
        this.settle = null;
        // What is lost may still run: the next task gets a fresh process.
        if (result.kind === 'lost') this.close();
        resolve(result);
      };
      this.child!.send(task);
    });
  }

  close(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  private fork(): ChildProcess {
    const child = fork(this.modulePath, [], {
      env: otherEnvironment(process.env),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.hear(child);
    child.send(this.start);
    return child;
  }

  /** Once for all tasks: to take listeners off a process may stop its messages for good. */
  private hear(child: ChildProcess): void {
    const died = (message: string): void => {
      if (child !== this.child) return;
      if (this.settle === null) this.close();
      else this.settle({ kind: 'lost', how: 'died', message });
    };
    child.on('message', (result: AloneResult) => {
      if (child === this.child) this.settle?.(result);
    });
    child.on('error', (error) => died(error.message));
    child.on('exit', (code, signal) => died(`its process ended with ${signal ?? code}`));
  }
}
