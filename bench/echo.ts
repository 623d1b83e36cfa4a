/** The least that can stand at the other end: sends back what it gets. */
import { readSync, writeSync } from 'node:fs';

const chunk = Buffer.allocUnsafe(64 * 1024);
for (;;) {
  const count = readSync(0, chunk, 0, chunk.length, null);
  if (count === 0) break;
  writeSync(1, chunk, 0, count);
}
