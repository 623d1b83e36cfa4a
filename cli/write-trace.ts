/** The lines of a trace, as they came from a worker, into a file. */
import { createTraceFile } from '../sim/trace/file.ts';

export function writeTrace(path: string, lines: readonly string[]): void {
  const file = createTraceFile(path);
  for (const line of lines) file.write(line);
  file.close();
}
