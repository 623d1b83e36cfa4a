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

/** A request is handed to a server. */
export function askServer(
  ledgers: Ledgers,
  server: ServerView,
  id: string,
  request: AdminRequest,
): void {
  const { node, boot } = server;
  ledgers.administration.ask({
    id,
    node,
    boot,
    request,
    askedUs: ledgers.docket.atUs,
    committedBefore: ledgers.commits.last,
    reignTerm: reigns(server) ? server.reignTerm : 0,
    appliedBefore: server.lastApplied,
    outcome: null,
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
  asked.outcome = outcome;
  if (outcome !== 'ok') return;
  const { request } = asked;
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
