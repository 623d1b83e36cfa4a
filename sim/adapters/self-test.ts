/**
 * Does the bench host these programs as it should? Asked before anything is held against their
 * author. Each check that fails says so in a sentence.
 *
 *     const checks = selfTest(host, createStateMachine);
 *     const failed = checks.filter(({ problem }) => problem !== null);
 */
import type { ProgramEvent, ProgramStartEvent } from '../protocol/events.ts';
import type { Program, ProgramHost } from '../protocol/program.ts';
import { type Implementation, type RunResult, run } from '../run.ts';
import { programImplementation } from './program-implementation.ts';
import { serverOf } from './program-words.ts';
import { selfTestPlan } from './self-test-plan.ts';
import { SelfTestRecorder } from './self-test-recorder.ts';

export interface SelfCheck {
  readonly name: 'repeats' | 'commits' | 'carries' | 'restarts' | 'applies';
  /** What was asked, one sentence. */
  readonly sentence: string;
  /** What came instead, one sentence; null when it holds. */
  readonly problem: string | null;
}

/** A cluster that works answers far more in the time that it has. */
const ANSWERS_MIN = 5;

interface Seen {
  readonly result: RunResult;
  readonly recorder: SelfTestRecorder;
  /** What the second lives were told of their disks, by server. */
  readonly durable: readonly (ProgramStartEvent['durable'] | undefined)[];
}

/** Two runs without faults, and one in which all servers lose their power. */
export function selfTest(
  host: ProgramHost,
  createStateMachine: Implementation['createStateMachine'],
): readonly SelfCheck[] {
  const first = runOnce(host, createStateMachine, false);
  const second = runOnce(host, createStateMachine, false);
  const checks: SelfCheck[] = [
    {
      name: 'repeats',
      sentence: 'The same events get the same answers, whenever they are asked.',
      problem: differenceOf(first.result, second.result),
    },
    {
      name: 'commits',
      sentence: 'Three servers that nothing happens to elect a leader and answer clients.',
      problem: whyNothingCommitted(first),
    },
    {
      name: 'carries',
      sentence: 'What is sent is the same value when it has been text in between.',
      problem: first.recorder.changedBody,
    },
    {
      name: 'applies',
      sentence: 'What is applied is what clients have asked for, letter by letter.',
      problem: first.recorder.strangeOp,
    },
  ];
  if (host.ready.capabilities.durability === 'none') return checks;
  const crashed = runOnce(host, createStateMachine, true);
  return [
    ...checks,
    {
      name: 'restarts',
      sentence: 'After a loss of power a server is told of all that it had written.',
      problem: whatWasLost(crashed),
    },
  ];
}

function runOnce(
  host: ProgramHost,
  createStateMachine: Implementation['createStateMachine'],
  crashes: boolean,
): Seen {
  const durable: ProgramStartEvent['durable'][] = [];
  const watching = watched(host, (event) => {
    if (event.kind !== 'start' || event.boot !== 1) return;
    durable[serverOf(event.self)] = structuredClone(event.durable);
  });
  const recorder = new SelfTestRecorder();
  const implementation = programImplementation('self-test', watching, createStateMachine);
  const plan = selfTestPlan(host.ready.capabilities, crashes);
  const options = { recorder, disabled: new Set<string>(), stopAtFirst: true };
  return { result: run(plan, implementation, options), recorder, durable };
}

/** The same programs, with somebody who sees what they are told. */
function watched(host: ProgramHost, see: (event: ProgramEvent) => void): ProgramHost {
  const begin = (): Program => {
    const program = host.begin();
    return {
      answer(event) {
        see(event);
        return program.answer(event);
      },
      end: () => program.end(),
    };
  };
  return { ready: host.ready, begin, log: () => host.log() };
}

function differenceOf(first: RunResult, second: RunResult): string | null {
  if (first.digest === second.digest) return null;
  const counts = `${first.events} and ${second.events} events`;
  return `Two runs of the same plan differ (${counts}, digests ${first.digest} and ${second.digest}): something in the program depends on time, on chance, on an order that changes, or on a variable that outlives the server (of a module, a class or a package: \`reset\` leaves it as it was).`;
}

function whyNothingCommitted({ result, recorder }: Seen): string | null {
  const { failure, violations } = result;
  if (failure !== null) return `n${failure.node}: ${failure.kind}: ${failure.message}`;
  if (violations.length > 0) return violations[0]!.detail;
  if (recorder.answered >= ANSWERS_MIN) return null;
  const { answered, appliedCommands: applied, messages } = recorder;
  if (messages === 0) return 'No server has sent any message.';
  if (applied === 0) return `After ${messages} messages no server has applied any command.`;
  return `Servers have applied ${applied} commands, and clients got ${answered} answers.`;
}

function whatWasLost({ result, recorder, durable }: Seen): string | null {
  const { failure, violations } = result;
  if (failure !== null) return `n${failure.node}: ${failure.kind}: ${failure.message}`;
  for (const node of [1, 2, 3]) {
    const told = durable[node];
    if (told === undefined) return `n${node} was not started again.`;
    const difference = recorder.differenceFrom(node, told ?? {});
    if (difference !== null) return difference;
  }
  // What was told may still have got lost on the way to the program, or in it.
  return violations[0]?.detail ?? null;
}
