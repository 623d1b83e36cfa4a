/** Carries out the actions of a program in the world, once nothing is wrong with them. */
import type { LogIndex, NodeId } from '../../core/messages.ts';
import { opaqueMessage, opaqueWrite, type ProgramOutbox } from '../kernel/opaque.ts';
import type { ProgramAction } from '../protocol/actions.ts';
import type { Json } from '../protocol/json.ts';
import type { ActionRules } from './action-rules.ts';
import type { ProgramRun } from './program-run.ts';
import { idOf, serverOf } from './program-words.ts';

/** One life of one server, as far as its actions change it. */
export interface LifeOfProgram {
  readonly node: NodeId;
  readonly run: ProgramRun;
  readonly rules: ActionRules;
  /** So many commands has the host's store applied in this life, restored ones included. */
  applied: LogIndex;
  /** The indexes of the program under which it has asked for snapshots that are not there yet. */
  readonly snapshotsAsked: LogIndex[];
}

const NOTE_MAX = 1_000;

/** Throws a RuleError for what the run does not allow. */
export function carryOut(action: ProgramAction, life: LifeOfProgram, out: ProgramOutbox): void {
  const { rules, run } = life;
  switch (action.kind) {
    case 'send':
      rules.checkDestination(action.to);
      out.send(
        serverOf(action.to),
        opaqueMessage(action.body as Json, (action.about ?? null) as Json),
      );
      return;
    case 'setTimer': {
      rules.checkTimer(action.name);
      const { pollMs } = run.capabilities;
      const minMs = roundedUp(action.minMs, pollMs);
      out.setTimer(action.name, minMs, roundedUp(action.maxMs ?? action.minMs, pollMs));
      return;
    }
    case 'cancelTimer':
      out.cancelTimer(action.name);
      return;
    case 'persist':
      rules.checkWrite(action);
      out.persist(action.id, action.stream, action.after, opaqueWrite(action.write));
      return;
    case 'apply':
      if (action.skipped) return;
      life.applied += 1;
      out.apply(life.applied, { term: 0, command: run.commandOf(action.op) });
      return;
    case 'takeSnapshot':
      life.snapshotsAsked.push(action.index);
      out.takeSnapshot(life.applied);
      return;
    case 'restore': {
      life.applied = rules.checkedPosition(action.ref);
      out.restore(life.applied, action.ref.slice(action.ref.indexOf(':') + 1));
      return;
    }
    case 'respond':
      respond(action, life, out);
      return;
    case 'claim':
      out.claim(action.role, action.term);
      return;
    case 'halt':
      out.halt(action.reason);
      return;
    case 'note':
      out.note(noteText(action.note as Json));
  }
}

function respond(
  action: ProgramAction & { readonly kind: 'respond' },
  { rules, run }: LifeOfProgram,
  out: ProgramOutbox,
): void {
  rules.checkAnswer(action);
  const { outcome, value } = action;
  const hint =
    outcome === 'redirect' && typeof action.hint === 'string' ? serverOf(action.hint) : 0;
  const id = idOf(action.id);
  const isOwn = run.capabilities.stateMachine === 'own' && outcome === 'ok';
  if (isOwn && value !== undefined) out.respond(id, outcome, hint, value);
  else out.respond(id, outcome, hint);
}

function roundedUp(ms: number, quantumMs: number): number {
  return quantumMs === 0 ? ms : Math.ceil(ms / quantumMs) * quantumMs;
}

function noteText(note: Json): string {
  const text = typeof note === 'string' ? note : JSON.stringify(note);
  return text.length <= NOTE_MAX ? text : `${text.slice(0, NOTE_MAX)}…`;
}
