/** Clients ask and are told; servers answer, each attempt once, and only what is true. */
import type { ClientRequest, Outcome } from '../../core/contract.ts';
import { acknowledgedIsCommitted } from '../clients/acknowledged-is-committed.ts';
import { oneAnswer } from '../clients/one-answer.ts';
import { checkMajority } from './acknowledgement.ts';
import { reportRefused } from './applying.ts';
import { type AskedAttempt, type AskedCommand, nameOf } from './asked-commands.ts';
import type { CausalLedgers } from './causal-ledgers.ts';
import { checkAnswer } from './client-history.ts';
import { checkKnowledge } from './knowledge.ts';
import { Met } from './program-situations.ts';
import type { ProgramView } from './program-view.ts';

/** A client calls. */
export function invoke(
  ledgers: CausalLedgers,
  clientId: number,
  seq: number,
  op: string,
  readOnly: boolean,
): void {
  const { commands, keys, docket, statistics } = ledgers;
  const floors = readOnly ? keys.toldAbout(op) : [];
  commands.ask(clientId, seq, op, readOnly, docket.atUs, floors);
  statistics.invoked += 1;
}

/** Attempts arrive at a server: from now on its life knows of these commands. */
export function handRequests(
  ledgers: CausalLedgers,
  server: ProgramView,
  requests: readonly ClientRequest[],
): void {
  const { commands, clocks, voters, situations } = ledgers;
  const column = clocks.columnOf(server.node);
  if (server.role === 'leader' && server.leaderTerm < ledgers.newestReign) countStale(ledgers);
  for (const { id, command } of requests) {
    const asked = commands.find(command.clientId, command.seq);
    if (asked === undefined) continue;
    situations.count(Met['request-handed']);
    if (asked.redirectedTo === server.node) situations.count(Met['redirect-followed']);
    if (server.openRequests > 0) situations.count(Met['concurrent-requests']);
    server.openRequests += 1;
    commands.hand(id, asked, server.node, server.boot);
    if (asked.era < 0) asked.era = voters.era;
    if (asked.columns.includes(column)) continue;
    asked.columns.push(column);
    asked.dates.push(server.stepDate);
  }
}

function countStale({ servers, newestReign, situations }: CausalLedgers): void {
  for (const { isUp, role, leaderTerm } of servers) {
    if (!isUp || role !== 'leader' || leaderTerm !== newestReign) continue;
    situations.count(Met['stale-leader-asked']);
  }
}

/** A server answers an attempt. */
export function answer(
  ledgers: CausalLedgers,
  server: ProgramView,
  requestId: string,
  outcome: Outcome,
  hint: number,
): void {
  const attempt = ledgers.commands.attempt(requestId);
  if (attempt === undefined) {
    reportAnswer(ledgers, server, requestId, outcome, null);
    return;
  }
  const isOwn = attempt.node === server.node && attempt.boot === server.boot;
  if (isOwn && attempt.outcome !== null) {
    reportAnswer(ledgers, server, requestId, outcome, attempt);
    return;
  }
  // Any server may answer, for it may have been told by the one that was asked.
  if (attempt.outcome === null) attempt.outcome = outcome;
  if (isOwn) server.openRequests -= 1;
  const { command } = attempt;
  checkKnowledge(ledgers, server, command, 'answers');
  if (outcome === 'ok') answerOk(ledgers, server, command);
  else refuse(ledgers, server, command, outcome, hint);
}

function answerOk(ledgers: CausalLedgers, server: ProgramView, command: AskedCommand): void {
  const { situations } = ledgers;
  const isApplied = command.position !== 0 && command.position <= server.lastApplied;
  if (command.readOnly) {
    situations.count(Met['read-answered']);
    // The newest answer is the one that its client gets: it asks again only when it got none.
    command.readAt = isApplied ? -1 : server.lastApplied;
    if (!isApplied) situations.count(Met['read-answered-directly']);
    return;
  }
  situations.count(Met['ok-answered']);
  command.isPromised = true;
  checkMajority(ledgers, server, command);
  if (!isApplied) server.promised.push(command);
}

function refuse(
  ledgers: CausalLedgers,
  server: ProgramView,
  command: AskedCommand,
  outcome: Outcome,
  hint: number,
): void {
  const { situations } = ledgers;
  if (outcome === 'unknown') {
    situations.count(Met['unknown-answered']);
    return;
  }
  situations.count(Met[outcome === 'redirect' ? 'redirect-answered' : 'rejected-answered']);
  if (outcome === 'redirect') command.redirectedTo = hint;
  command.unrefused -= 1;
  if (command.readOnly || command.position === 0 || command.unrefused > 0) return;
  reportRefused(ledgers, server, command, 'attempt-refused');
}

/** A step ends: what was answered with ok in it is applied by now. */
export function checkPromises(ledgers: CausalLedgers, server: ProgramView): void {
  for (const command of server.promised) {
    if (command.position !== 0 && command.position <= server.lastApplied) continue;
    ledgers.report(
      acknowledgedIsCommitted,
      server.node,
      'not-applied',
      command.position === 0 ? 'applied-nowhere' : 'not-applied-here',
      `n${server.node} answers ok to ${nameOf(command)} (${command.op}), which ` +
        (command.position === 0
          ? 'no server has applied.'
          : `is number ${command.position} of what servers apply; it has applied ${server.lastApplied}.`),
    );
  }
  server.promised.length = 0;
}

/** A client is told how its command ended. */
export function tell(
  ledgers: CausalLedgers,
  command: AskedCommand,
  outcome: 'ok' | 'fail' | 'info',
  value: string | null,
): void {
  const { statistics, docket } = ledgers;
  command.told = outcome;
  switch (outcome) {
    case 'ok':
      statistics.acknowledged += 1;
      command.returnedUs = docket.atUs;
      // What a write gives back is the program's business where it keeps the store itself.
      command.value = command.op.startsWith('put ') ? null : value;
      checkAnswer(ledgers, command);
      return;
    case 'fail':
      statistics.failed += 1;
      if (command.position === 0 || command.readOnly) return;
      reportRefused(ledgers, ledgers.server(0), command, 'client-told-failed');
      return;
    case 'info':
      statistics.unknown += 1;
      if (command.position !== 0) ledgers.situations.count(Met['unknown-but-applied']);
  }
}

function reportAnswer(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  requestId: string,
  outcome: Outcome,
  attempt: AskedAttempt | null,
): void {
  ledgers.report(
    oneAnswer,
    node,
    attempt === null ? 'not-asked' : 'answered-twice',
    attempt === null
      ? 'unknown-attempt'
      : attempt.outcome === outcome
        ? 'same-answer'
        : 'other-answer',
    attempt === null
      ? `n${node} answers request ${requestId} with ${outcome}, and nobody was ever handed it.`
      : `n${node} answers request ${requestId} (${nameOf(attempt.command)}) with ${outcome}, after ${attempt.outcome}.`,
  );
}
