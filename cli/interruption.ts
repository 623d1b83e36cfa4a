/** Ctrl-C ends long work with what there is; a second one ends it at once. */
import { ExitCode } from './exit-code.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** From now on Ctrl-C is the system's again. */
  release(): void;
}

/** `lastWords`: a line for whoever ends it at once. */
export function interruption(lastWords: string | null = null): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      if (lastWords !== null) process.stderr.write(`${lastWords}\n`);
      process.exit(ExitCode.interrupted);
    }
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
