/**
 * What a grading costs: all of `labs` in this process, and a sample of it over stdio, beside the
 * bare round trips of the same transport, measured in turn.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { REFERENCE } from '../scenarios/implementations.ts';
import { serverProgram } from '../scenarios/reference-program.ts';
import { LABS } from '../scenarios/suites/labs.ts';
import { moduleHost } from '../sim/adapters/module-program.ts';
import { programImplementation } from '../sim/adapters/program-implementation.ts';
import { stdioCommand } from '../sim/adapters/stdio-command.ts';
import { DEFAULT_STDIO_OPTIONS, StdioHost } from '../sim/adapters/stdio-host.ts';
import { LineReader, writeLine } from '../sim/adapters/stdio-lines.ts';
import { Supervision } from '../sim/adapters/stdio-supervision.ts';
import { coresOf } from '../sim/adapters/system-times.ts';
import { type GradedImplementation, gradedRun } from '../sim/grading/graded-run.ts';
import { PUBLIC_SECRET, seedOf } from '../sim/grading/seeds.ts';
import type { GradedTest } from '../sim/grading/suite.ts';
import { cpuSeconds } from './measure.ts';

/** All of `labs`, the reference in this process, on one core. */
export interface InProcess {
  readonly events: number;
  readonly cpuSeconds: number;
}

/** A program of another process, on one lane. */
export interface OverStdio {
  readonly name: string;
  readonly eventsPerSecond: number;
  readonly barePerSecond: number;
  /** Of the bare rate. */
  readonly ratio: number;
  /** Real seconds for all of `labs` at this rate. */
  readonly labsSeconds: number;
}

type Argv = readonly [string, ...string[]];

/** A line as long as most events are. */
const LINE = JSON.stringify({ n: 4, kind: 'message', now: 5, from: 'n2', body: 'x'.repeat(150) });
const ROUND_TRIPS = 1_000;
const SERVERS = 5;
/** These runs only warm the programs up. */
const WARM_UP_TESTS = 10;

export function measureInProcess(): InProcess {
  const host = moduleHost(serverProgram(REFERENCE));
  const implementation = programImplementation('reference', host, REFERENCE.createStateMachine);
  let events = 0;
  const seconds = cpuSeconds(() => {
    for (const test of LABS.tests) {
      for (let i = 0; i < test.runs; i += 1) events += eventsOf(test, i, implementation);
    }
  });
  return { events, cpuSeconds: seconds };
}

/** The rows, and a line for each program whose tools are not there. */
export function measureOverStdio(): {
  readonly rows: readonly OverStdio[];
  readonly missing: readonly string[];
} {
  const folder = mkdtempSync(join(tmpdir(), 'whitewater-bench-'));
  const missing: string[] = [];
  keepToOneCore();
  try {
    const reference = join('dist-bench', 'reference-over-stdio.js');
    const rows = [measureProgram('reference', [process.execPath, reference], '.')];
    if (isThere('python3', '--version')) {
      rows.push(measureProgram('sdk/python', ['python3', 'raft.py'], join('sdk', 'python')));
    } else missing.push('sdk/python is left out: python3 is not installed');
    const raft = join(folder, 'raft');
    if (isThere('go', 'version')) {
      const { status } = spawnSync('go', ['build', '-o', raft, '.'], { cwd: join('sdk', 'go') });
      if (status !== 0) throw new Error('sdk/go does not build');
      rows.push(measureProgram('sdk/go', [raft], folder));
    } else missing.push('sdk/go is left out: go is not installed');
    return { rows, missing };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a lane does; both transports begin on it, and neither gives way to the other. */
function keepToOneCore(): void {
  const core = coresOf('self').at(-1);
  if (core !== undefined) spawnSync('taskset', ['-pc', `${core}`, `${process.pid}`]);
}

function isThere(program: string, argument: string): boolean {
  return spawnSync(program, [argument]).status === 0;
}

/** The first run of every test. */
function measureProgram(name: string, argv: Argv, folder: string): OverStdio {
  const command = stdioCommand(argv, resolve(folder));
  const host = new StdioHost(command, DEFAULT_STDIO_OPTIONS);
  const bare = new BareTransport();
  try {
    const implementation = programImplementation(name, host, REFERENCE.createStateMachine);
    for (const test of LABS.tests.slice(0, WARM_UP_TESTS)) eventsOf(test, 1, implementation);
    bare.measure();
    let [events, eventsInAll, seconds, bareSeconds] = [0, 0, 0, 0];
    for (const test of LABS.tests) {
      bareSeconds += bare.measure();
      const before = performance.now();
      const count = eventsOf(test, 0, implementation);
      seconds += (performance.now() - before) / 1_000;
      events += count;
      eventsInAll += count * test.runs;
    }
    const eventsPerSecond = events / seconds;
    const barePerSecond = (LABS.tests.length * ROUND_TRIPS) / bareSeconds;
    return {
      name,
      eventsPerSecond,
      barePerSecond,
      ratio: eventsPerSecond / barePerSecond,
      labsSeconds: eventsInAll / eventsPerSecond,
    };
  } finally {
    host.close();
    bare.close();
  }
}

/** A run that must hold: what a broken one costs means nothing. */
function eventsOf(test: GradedTest, i: number, implementation: GradedImplementation): number {
  const seed = seedOf({ secret: PUBLIC_SECRET, assignment: LABS.name }, test.id, i);
  const { why, events } = gradedRun(test, seed, i, implementation);
  if (why !== null) throw new Error(`benchmark run ${test.id}.${i}: ${JSON.stringify(why)}`);
  return events;
}

/** Lines to processes that do nothing but send them back, as many as a cluster has, in turn. */
class BareTransport {
  private readonly supervision: Supervision;
  private readonly servers: readonly { readonly events: number; readonly reader: LineReader }[];

  constructor() {
    const argv: Argv = [process.execPath, resolve('dist-bench', 'echo.js')];
    const patience = { eventMs: null, helloMs: null };
    this.supervision = new Supervision(stdioCommand(argv, '.'), patience);
    this.servers = Array.from({ length: SERVERS }, () => {
      const { events, answers } = this.supervision.start();
      return { events, reader: new LineReader(answers) };
    });
  }

  /** Seconds for so many round trips. */
  measure(): number {
    const before = performance.now();
    for (let i = 0; i < ROUND_TRIPS; i += 1) {
      const { events, reader } = this.servers[i % SERVERS]!;
      writeLine(events, LINE);
      reader.next();
    }
    return (performance.now() - before) / 1_000;
  }

  close(): void {
    this.supervision.close();
  }
}
