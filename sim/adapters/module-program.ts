/**
 * Programs of this process: a module that exports `createServer()`, which makes an object with
 * `handle(event) -> actions`. Nothing is shared between the object and the world: events and actions
 * are copied as a wire would copy them, and held against the same protocol.
 */
import type { ProgramAction } from '../protocol/actions.ts';
import type { Ready } from '../protocol/capabilities.ts';
import { ACTIONS_MAX, AnswerError, checkedAction, checkedReady } from '../protocol/check-answer.ts';
import type { ProgramEvent } from '../protocol/events.ts';
import { plainAction } from '../protocol/plain-action.ts';
import {
  type FailureKind,
  type Program,
  ProgramFailure,
  type ProgramHost,
} from '../protocol/program.ts';
import { thrownStack, thrownWords } from '../thrown.ts';
import { show } from '../usage-error.ts';
import { HarnessError } from './harness-error.ts';
import { bareCopy, JsonError, jsonCopy } from './json-copy.ts';
import { eventWords } from './program-words.ts';

/** One server, with empty memory; its first event is `start`. */
interface ModuleServer {
  handle(event: ProgramEvent): unknown;
  readonly capabilities?: unknown;
  readonly name?: unknown;
}

export interface ProgramModule {
  readonly createServer: () => unknown;
  /** Where the servers themselves do not say. */
  readonly capabilities?: unknown;
  readonly name?: unknown;
}

/** Asks a first server what it can do. Throws a HarnessError, or a ProgramFailure. */
export function moduleHost(module: ProgramModule): ProgramHost {
  const first = newServer(module);
  const capabilities = first.capabilities ?? module.capabilities ?? {};
  const name = first.name ?? module.name ?? '';
  let ready: Ready;
  try {
    ready = checkedReady(
      { ready: 1, name, capabilities: jsonCopy(capabilities, 'capabilities') },
      [1],
    );
  } catch (error) {
    if (!(error instanceof AnswerError || error instanceof JsonError)) throw error;
    throw new ProgramFailure('PROTOCOL', error.message);
  }
  return {
    ready,
    begin: () => new ModuleProgram(newServer(module)),
    log: () => [],
  };
}

function newServer(module: ProgramModule): ModuleServer {
  let server: unknown;
  try {
    server = module.createServer();
  } catch (error) {
    throw new ProgramFailure(
      'CRASH',
      `createServer() threw ${thrownWords(error)}${placeOf(error)}`,
    );
  }
  if (isServer(server)) return server;
  throw new HarnessError(
    `createServer() must return an object with a method handle(event), not ${show(server)}.`,
  );
}

function isServer(value: unknown): value is ModuleServer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'handle' in value &&
    typeof value.handle === 'function'
  );
}

class ModuleProgram implements Program {
  private readonly server: ModuleServer;
  /** As if the greeting had been line 1. */
  private line = 1;

  constructor(server: ModuleServer) {
    this.server = server;
  }

  answer(event: ProgramEvent): readonly ProgramAction[] {
    this.line += 1;
    let answer: unknown;
    try {
      answer = this.server.handle(eventCopy(event));
    } catch (error) {
      const where = `threw on line ${this.line} (${eventWords(event)})`;
      throw new ProgramFailure('CRASH', `${where}: ${thrownWords(error)}${placeOf(error)}`);
    }
    try {
      return checkedAnswer(answer);
    } catch (error) {
      if (
        !(error instanceof Refusal || error instanceof AnswerError || error instanceof JsonError)
      ) {
        throw error;
      }
      const kind = error instanceof Refusal ? error.kind : 'PROTOCOL';
      throw new ProgramFailure(kind, `line ${this.line} (${eventWords(event)}): ${error.message}`);
    }
  }

  end(): void {
    // Its memory goes with this object.
  }
}

/** Not even a list of actions. */
class Refusal extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

function checkedAnswer(answer: unknown): ProgramAction[] {
  if (!Array.isArray(answer)) {
    const got = answer instanceof Promise ? 'a promise' : show(answer);
    throw new Refusal('PROTOCOL', `handle() must return a list of actions, not ${got}`);
  }
  if (answer.length > ACTIONS_MAX) {
    const [count, limit] = [answer.length, ACTIONS_MAX].map((one) => one.toLocaleString('en'));
    throw new Refusal('LIMIT', `answered with ${count} actions; the limit is ${limit}`);
  }
  const actions: ProgramAction[] = [];
  for (let i = 0; i < answer.length; i += 1) {
    const action: unknown = answer[i];
    actions.push(copyOfPlain(action) ?? checkedAction(jsonCopy(action, `action ${i + 1}`), i));
  }
  return actions;
}

/** null for what takes a closer look. */
function copyOfPlain(action: unknown): ProgramAction | null {
  if (typeof action !== 'object' || action === null) return null;
  if (Object.getPrototypeOf(action) !== Object.prototype) return null;
  try {
    return plainAction(action, bareCopy);
  } catch {
    return null;
  }
}

/** Only what another server has sent, or the disk holds, is of use to somebody else too. */
function eventCopy(event: ProgramEvent): ProgramEvent {
  if (event.kind === 'message') {
    const { now, from, body } = event;
    return { kind: 'message', now, from, body: jsonCopy(body, 'body') };
  }
  return event.kind === 'start' && event.durable !== null
    ? (jsonCopy(event, 'start') as unknown as ProgramEvent)
    : event;
}

/** " (raft.ts:41)": where the code of the module threw; empty when nobody knows. */
function placeOf(error: unknown): string {
  const stack = thrownStack(error) ?? '';
  const place = /\(?([^\s()]+:[0-9]+):[0-9]+\)?$/m.exec(stack);
  if (place === null) return '';
  return ` (${place[1]!.replace(/^.*[/\\]/, '')})`;
}
