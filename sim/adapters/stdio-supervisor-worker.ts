/** The thread that starts, watches and kills processes for one that blocks while it reads. */
import { workerData } from 'node:worker_threads';
import type { SupervisorData } from './stdio-link.ts';
import { Supervisor } from './stdio-supervisor.ts';

new Supervisor(workerData as SupervisorData).listen();
