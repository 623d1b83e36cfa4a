/** What the ledgers learn from operators: what they ask for, and what they are told. */
import type { AdminRequest, Outcome } from '../../core/contract.ts';
import { checkAnswer } from '../clients/one-answer.ts';
import {
  checkChangeCommitted,
  checkHandedOver,
  checkSnapshotSafe,
} from '../clients/operators-told-truly.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { claimByAnswering } from './commitment.ts';
import { countGivenUp, countTransferAsked } from './leadership-situations.ts';
import { checkRejection } from './made-for-operators.ts';
import { countAsked, countRefusedChange } from './membership-situations.ts';

/** A request is handed to a server. */
export function askServer(
  ledgers: Ledgers,
  server: ServerView,
  id: string,
  request: AdminRequest,
): void {
  const { node, boot } = server;
  if (request.kind === 'changeMembership') countAsked(ledgers);
  else if (request.kind === 'transferLeadership') countTransferAsked(ledgers, server, request.to);
  ledgers.administration.ask({
    id,
    node,
    boot,
    request,
    askedUs: ledgers.docket.atUs,
    step: ledgers.docket.step,
    committedBefore: ledgers.commits.last,
    reignTerm: reigns(server) ? server.reignTerm : 0,
    appliedBefore: server.lastApplied,
    outcome: null,
    made: null,
    handedTerm: 0,
  });
}

/** A server answers one. */
export function answerOperator(
  ledgers: Ledgers,
  server: ServerView,
  asked: AskedOfServer,
  outcome: Outcome,
): void {
  if (!checkAnswer(ledgers, server, asked.id, asked, outcome)) return;
  const { request } = asked;
  if (request.kind === 'changeMembership') countRefusedChange(ledgers, server, asked, outcome);
  else if (request.kind === 'transferLeadership') countGivenUp(ledgers, server, asked, outcome);
  asked.outcome = outcome;
  if (outcome === 'rejected') checkRejection(ledgers, server, asked);
  if (outcome !== 'ok') return;
  switch (request.kind) {
    case 'changeMembership': {
      const index = checkChangeCommitted(ledgers, server, asked, request);
      if (index > 0) claimByAnswering(ledgers, server, index);
      return;
    }
    case 'transferLeadership':
      checkHandedOver(ledgers, server, asked, request.to);
      return;
    case 'takeSnapshot':
      checkSnapshotSafe(ledgers, server, asked);
  }
}
