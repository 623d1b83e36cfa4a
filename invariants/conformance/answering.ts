/** Requests of clients, and what becomes of them. */
import type { ClientRequest, Outcome } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { checkApplied } from './clients/ok-after-apply.ts';
import { checkUnanswered, reportUnasked } from './clients/one-answer.ts';
import { checkHint } from './clients/redirect-elsewhere.ts';
import { checkNotAppended } from './clients/refused-not-appended.ts';
import { checkAnswered } from './duties/decided-request-answered.ts';
import { checkTaken } from './duties/request-taken.ts';
import { checkTold } from './membership/operator-told-truth.ts';
import type { AdminAttempt, Attempt, ObservedServer } from './observed-server.ts';
import { checkRead } from './reads/check-read.ts';
import type { Scene } from './scene.ts';

export function ask(
  scene: Scene,
  server: ObservedServer,
  requests: readonly ClientRequest[],
): void {
  const { step: askedStep, atUs: askedUs } = scene;
  const commitAtAsk = server.knownCommit;
  for (const { id, command, readOnly } of requests) {
    server.attempts.set(id, {
      id,
      command: `${command.clientId}.${command.seq}`,
      readOnly,
      askedStep,
      askedUs,
      commitAtAsk,
      answer: null,
      index: 0,
      decidedTick: 0,
      idleTicks: 0,
    });
  }
}

export function answer(
  scene: Scene,
  server: ObservedServer,
  requestId: string,
  outcome: Outcome,
  hint: NodeId,
): void {
  const attempt = server.attempts.get(requestId);
  if (attempt === undefined) {
    const asked = server.adminAttempts.get(requestId);
    if (asked !== undefined) answerOperator(scene, server, asked, outcome, hint);
    else reportUnasked(scene, server, requestId);
    return;
  }
  checkUnanswered(scene, server, `command ${attempt.command}`, attempt.answer, outcome);
  if (outcome === 'ok') answerOk(scene, server, attempt);
  else if (outcome !== 'unknown') checkNotAppended(scene, server, attempt, outcome);
  if (outcome === 'redirect') checkHint(scene, server, hint);
  attempt.answer = outcome;
}

function answerOk(scene: Scene, server: ObservedServer, attempt: Attempt): void {
  if (attempt.readOnly && attempt.index === 0) checkRead(scene, server, attempt);
  else checkApplied(scene, server, attempt);
}

function answerOperator(
  scene: Scene,
  server: ObservedServer,
  asked: AdminAttempt,
  outcome: Outcome,
  hint: NodeId,
): void {
  const what = `an operator’s ${asked.request.kind}`;
  checkUnanswered(scene, server, what, asked.answer, outcome);
  if (outcome === 'redirect') checkHint(scene, server, hint);
  checkTold(scene, server, asked, outcome);
  asked.answer = outcome;
}

/** At the end of a tick: how long do clients wait? */
export function checkWaiting(scene: Scene, server: ObservedServer): void {
  for (const attempt of server.attempts.values()) {
    if (attempt.answer !== null) continue;
    if (attempt.index === 0) checkTaken(scene, server, attempt);
    else checkAnswered(scene, server, attempt);
  }
}
