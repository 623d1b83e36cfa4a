/** What servers apply: one sequence for all, of what clients have asked for, each once. */
import type { Command } from '../../core/messages.ts';
import { exactlyOnce } from '../clients/exactly-once.ts';
import { refusedNeverCommitted } from '../clients/refused-never-committed.ts';
import type { Property } from '../property.ts';
import { noInventedCommand } from '../safety/no-invented-command.ts';
import { type AskedCommand, nameOf } from './asked-commands.ts';
import type { CausalLedgers } from './causal-ledgers.ts';
import { checkKnowledge, hasHeardOf } from './knowledge.ts';
import { Met } from './program-situations.ts';
import type { ProgramView } from './program-view.ts';

export const appliedSequencesAgree: Property = {
  id: 'applied-sequences-agree',
  title: 'State Machine Safety',
  sentence:
    'All servers apply the same commands in the same order, in all their lives; some may not have got as far as others.',
  section: '§5.4.3',
  kind: 'safety',
  facts: ['applied', 'snapshotTaken', 'restored'],
};

/** The server applies this as its command number `position`, from 1 in each life. */
export function apply(
  ledgers: CausalLedgers,
  server: ProgramView,
  position: number,
  command: Command,
): void {
  const { sequence, situations } = ledgers;
  const asked = ledgers.commands.find(command.clientId, command.seq);
  server.lastApplied = position;
  if (asked === undefined || asked.op !== command.op) {
    reportInvented(ledgers, server, command, asked, position);
    return;
  }
  checkKnowledge(ledgers, server, asked, 'applies');
  if (position > sequence.length + 1) return;
  if (position === sequence.length + 1) {
    if (asked.position !== 0 && !asked.readOnly) reportTwice(ledgers, server, asked, position);
    append(ledgers, server, asked);
  } else if (sequence[position - 1] !== asked.number) {
    if (asked.position !== 0 && asked.position < position && !asked.readOnly) {
      reportTwice(ledgers, server, asked, position);
    } else reportDisagreement(ledgers, server, asked, position);
  } else situations.count(Met['applied-elsewhere']);
  if (position === 1 && server.boot > 0) situations.count(Met['applied-after-restart']);
}

/** Nobody has got this far before. */
function append(ledgers: CausalLedgers, server: ProgramView, asked: AskedCommand): void {
  const { sequence, keys, situations, statistics } = ledgers;
  sequence.push(asked.number);
  situations.count(Met['command-applied']);
  statistics.committedCommands += 1;
  const answer = keys.carryOut(asked.op, sequence.length);
  const isFirst = asked.position === 0;
  // A read has no effect, and clients may ask for it again: then it is carried out again.
  if (!isFirst && !asked.readOnly) return;
  asked.position = sequence.length;
  asked.answer = answer;
  if (!isFirst) return;
  if (asked.told === 'info') situations.count(Met['unknown-but-applied']);
  if (asked.readOnly) return;
  if (asked.told === 'fail') reportRefused(ledgers, server, asked, 'client-told-failed');
  else if (asked.handed > 0 && asked.unrefused === 0) {
    reportRefused(ledgers, server, asked, 'attempt-refused');
  }
}

/** All attempts at the command were refused, and yet it is applied. */
export function reportRefused(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  asked: AskedCommand,
  rule: 'client-told-failed' | 'attempt-refused',
): void {
  ledgers.report(
    refusedNeverCommitted,
    node,
    rule,
    'applied',
    `${nameOf(asked)} (${asked.op}) is number ${asked.position} of what servers apply, and ` +
      (rule === 'client-told-failed'
        ? 'its client was told that it did not happen.'
        : 'every server that was asked has answered redirect or rejected: unknown would be true.'),
  );
}

/** The store becomes what it was after the first `position` commands. */
export function restore(
  ledgers: CausalLedgers,
  server: ProgramView,
  position: number,
  data: string,
): void {
  const { sequence, commands, situations, snapshots } = ledgers;
  const { node } = server;
  situations.count(Met['snapshot-restored']);
  if (server.lastApplied > 0) situations.count(Met['snapshot-installed']);
  server.lastApplied = position;
  if (position > sequence.length || !snapshots.has(data)) {
    ledgers.report(
      appliedSequencesAgree,
      node,
      'restored-unknown',
      position > sequence.length ? 'ahead' : 'other-state',
      `n${node} restores a snapshot of the first ${position} commands that the bench has never taken.`,
    );
    return;
  }
  for (let place = position - 1; place >= 0; place -= 1) {
    const asked = commands.byNumber(sequence[place]!);
    if (hasHeardOf(ledgers, node, asked)) continue;
    checkKnowledge(ledgers, server, asked, 'restores a snapshot with');
    return;
  }
}

function reportInvented(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  command: Command,
  asked: AskedCommand | undefined,
  position: number,
): void {
  const form = asked === undefined ? '' : ` in this form; ${nameOf(asked)} is "${asked.op}"`;
  ledgers.report(
    noInventedCommand,
    node,
    asked === undefined ? 'invented' : 'altered',
    'not-invoked',
    `n${node} applies "${command.op}" as command number ${position}, which no client has asked for${form}.`,
  );
}

function reportTwice(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  asked: AskedCommand,
  position: number,
): void {
  ledgers.report(
    exactlyOnce,
    node,
    'applied-twice',
    'same-command',
    `n${node} applies ${nameOf(asked)} (${asked.op}) as command number ${position}, ` +
      `and it is number ${asked.position} already.`,
  );
}

function reportDisagreement(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  asked: AskedCommand,
  position: number,
): void {
  const other = ledgers.commands.byNumber(ledgers.sequence[position - 1]!);
  ledgers.report(
    appliedSequencesAgree,
    node,
    'other-command',
    asked.position === 0 ? 'new-command' : 'other-place',
    `n${node} applies ${nameOf(asked)} (${asked.op}) as command number ${position}, ` +
      `where ${nameOf(other)} (${other.op}) was applied before.`,
  );
}
