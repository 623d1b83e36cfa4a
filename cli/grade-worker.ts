/**
 * The worker thread in which the runs of a grading are made. It blocks while a program thinks; what
 * the program is must not be able to do more than that.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openProgram } from '../scenarios/implementations.ts';
import { findSuite } from '../scenarios/suites/registry.ts';
import type { StdioHost } from '../sim/adapters/stdio-host.ts';
import { type GradedImplementation, gradedRun } from '../sim/grading/graded-run.ts';
import type { RunGrade } from '../sim/grading/run-grade.ts';
import type { GradedTest } from '../sim/grading/suite.ts';
import { ProgramFailure } from '../sim/protocol/program.ts';
import type { GradeReply, GradeTask, GradeWorkerData } from './grade-task.ts';

const { spec, suite } = workerData as GradeWorkerData;
const { tests } = findSuite(suite)!;

interface Opened {
  readonly host: StdioHost;
  readonly implementation: GradedImplementation;
}

const opened: { reset: Opened | null; process: Opened | null } = { reset: null, process: null };

function open(lives: 'reset' | 'process'): Opened {
  opened[lives] ??= openProgram(spec, lives);
  return opened[lives];
}

async function answer(task: GradeTask): Promise<GradeReply> {
  try {
    return await carryOut(task);
  } catch (error) {
    if (error instanceof ProgramFailure) {
      const { kind, message, log } = error;
      return { kind: 'failed', failure: kind, message, log };
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'bench', message, stack: stack ?? null };
  }
}

async function carryOut(task: GradeTask): Promise<GradeReply> {
  switch (task.kind) {
    case 'greet':
      return { kind: 'ready', ready: open('reset').host.ready };
    case 'run':
      return { kind: 'run', grade: gradeOf(task) };
    case 'case': {
      const { shrunkCase } = await import('./shrunk-case.ts');
      const { host, implementation } = open('reset');
      host.limit(2 * task.budgetMs + 10_000);
      const test = testOf(task.testId);
      return { kind: 'case', shrunk: await shrunkCase(test, task, implementation) };
    }
  }
}

function testOf(id: string): GradedTest {
  return tests.find((test) => test.id === id)!;
}

function gradeOf(task: Extract<GradeTask, { kind: 'run' }>): RunGrade {
  const { testId, seed, i, isHidden, limitMs, isAudit } = task;
  try {
    const { host, implementation } = open(isAudit ? 'process' : 'reset');
    host.limit(limitMs);
    return gradedRun(testOf(testId), seed, i, implementation, isHidden);
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    // It did not even start again.
    const { kind, message, log } = error;
    const failure = { kind, message, node: 0, event: 0, log };
    const why = { kind: 'failed', failure } as const;
    return { i, why, fingerprint: kind, events: 0, digest: '', reached: [] };
  }
}

parentPort!.on('message', async (task: GradeTask | 'close') => {
  if (task !== 'close') return parentPort!.postMessage(await answer(task));
  opened.reset?.host.close();
  opened.process?.host.close();
  parentPort!.close();
});
