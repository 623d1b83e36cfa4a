/** A worker shares its process with the bench: code in it that ends the process ends everything. */
import { syncBuiltinESMExports } from 'node:module';

/** From here on process.kill throws: it is an exception of whoever calls it. Meant for a worker. */
export function forbidKill(): void {
  process.kill = (): never => {
    throw new Error('process.kill: a server cannot end a process, its own or another one');
  };
  syncBuiltinESMExports();
}
