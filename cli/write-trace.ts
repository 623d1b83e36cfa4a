/** The lines of a trace, as they came from a worker, into a file. */
import { createTraceFile } from '../sim/trace/file.ts';
import { OutputError } from './output-error.ts';

/** Throws an OutputError: that there can be such a file was looked at before the run. */
export function writeTrace(path: string, lines: readonly string[]): void {
  try {
    const file = createTraceFile(path);
    for (const line of lines) file.write(line);
    file.close();
  } catch (error) {
    throw new OutputError((error as Error).message);
  }
}
