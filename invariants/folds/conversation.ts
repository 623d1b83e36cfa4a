/** What the ledgers learn from clients: what they ask, and what they are told. */
import type { ClientRequest, Outcome } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { checkAcknowledged } from '../clients/acknowledged-is-committed.ts';
import { checkAnswer } from '../clients/one-answer.ts';
import { checkFailure, checkRefusal } from '../clients/refused-never-committed.ts';
import { type CommandRecord, Told } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import { Happened } from '../situations.ts';
import { countReadAnswered, countReadAsked } from './read-situations.ts';
import { noteAnswered } from './replaying.ts';

/** Attempts are handed to a server. */
export function handRequests(
  ledgers: Ledgers,
  server: ServerView,
  requests: readonly ClientRequest[],
): void {
  const { commands, attempts, situations, docket } = ledgers;
  const committedBefore = ledgers.commits.last;
  for (const { id, command } of requests) {
    const payload = commands.noteAsked(command);
    const record = commands.record(payload);
    if (record.attemptNode !== 0) {
      situations.count(record.session === 0 ? Happened.retryAfterRefusal : Happened.sessionRetry);
    }
    if (record.redirectedTo === server.node) situations.count(Happened.redirectFollowed);
    if (record.readOnly) countReadAsked(ledgers, server);
    const { node, boot } = server;
    const { atUs: handedUs, step } = docket;
    attempts.hand({ id, payload, node, boot, handedUs, step, committedBefore, outcome: null });
    record.attemptNode = server.node;
    record.attemptBoot = server.boot;
  }
}

/** A server answers an attempt. */
export function answerAttempt(
  ledgers: Ledgers,
  server: ServerView,
  requestId: string,
  outcome: Outcome,
  hint: NodeId,
): void {
  const { attempts, commands, situations } = ledgers;
  const attempt = attempts.find(requestId);
  if (!checkAnswer(ledgers, server, requestId, attempt, outcome) || attempt === undefined) return;
  attempts.answer(attempt, outcome);
  const { payload } = attempt;
  const record = commands.record(payload);
  if (record.readOnly && record.entry === 0) countReadAnswered(ledgers, server, attempt);
  switch (outcome) {
    case 'ok':
      if (record.readOnly && record.appliedAt === 0) noteDirectRead(ledgers, server, record);
      checkAcknowledged(ledgers, server, attempt);
      return;
    case 'unknown':
      if (record.entry !== 0) situations.count(Happened.pendingAnsweredUnknown);
      return;
    case 'redirect':
      record.redirectedTo = hint;
      checkRefusal(ledgers, server, payload);
      return;
    case 'rejected':
      situations.count(Happened.requestRejected);
      checkRefusal(ledgers, server, payload);
  }
}

/** A client calls. */
export function invoke(
  ledgers: Ledgers,
  clientId: number,
  seq: number,
  op: string,
  readOnly: boolean,
): void {
  const { commands, acknowledged, replay, statistics, docket } = ledgers;
  const payload = commands.invoke(clientId, seq, op, readOnly, docket.atUs);
  statistics.invoked += 1;
  if (!readOnly) return;
  const record = commands.record(payload);
  record.freshFrom = acknowledged.floorOf(op);
  if (replay.hasDirectReads) record.floors = replay.keys.toldAbout(op);
}

/** A server answers a read with its state machine as it is now. */
function noteDirectRead({ replay }: Ledgers, server: ServerView, record: CommandRecord): void {
  replay.hasDirectReads = true;
  record.readAt = server.lastApplied;
}

/** A client is told how its command ended. */
export function tellClient(
  ledgers: Ledgers,
  payload: number,
  outcome: 'ok' | 'fail' | 'info',
  value: string | null,
): void {
  const { commands, statistics, docket } = ledgers;
  const record = commands.record(payload);
  switch (outcome) {
    case 'ok':
      record.told = Told.ok;
      record.value = value;
      record.acknowledgedUs = docket.atUs;
      statistics.acknowledged += 1;
      if (record.appliedAt !== 0) ledgers.acknowledged.note(record.op, value, record.appliedAt);
      noteAnswered(ledgers, payload, record);
      return;
    case 'fail':
      record.told = Told.fail;
      statistics.failed += 1;
      checkFailure(ledgers, payload);
      return;
    case 'info':
      record.told = Told.info;
      statistics.unknown += 1;
      if (record.committedAt !== 0) ledgers.situations.count(Happened.unknownButCommitted);
  }
}
