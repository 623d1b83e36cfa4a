/** The reference as a process of its own, as a submission in TypeScript would be. */
import { REFERENCE } from '../scenarios/implementations.ts';
import { serverProgram } from '../scenarios/reference-program.ts';
import { serveModule } from '../sim/adapters/serve-module.ts';

serveModule(serverProgram(REFERENCE) as never);
