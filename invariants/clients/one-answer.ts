/** Every attempt gets at most one answer, from whom it was handed to. */
import type { Outcome } from '../../core/contract.ts';
import type { Attempt } from '../ledgers/attempts.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { ServerView } from '../ledgers/server-view.ts';
import type { Property } from '../property.ts';

export const oneAnswer: Property = {
  id: 'one-answer',
  title: 'One answer',
  sentence: 'A server answers an attempt that it was handed in this life, and only once.',
  section: 'contract (respond)',
  kind: 'client',
  facts: ['requested', 'responded'],
};

/** What a server was handed, by a client or an operator. */
type Asked = Pick<Attempt, 'node' | 'boot' | 'outcome'>;

/** Returns whether the answer is in order. */
export function checkAnswer(
  ledgers: Ledgers,
  server: ServerView,
  requestId: string,
  attempt: Asked | undefined,
  outcome: Outcome,
): boolean {
  const { node, boot } = server;
  const isHandedHere = attempt !== undefined && attempt.node === node && attempt.boot === boot;
  if (isHandedHere && attempt.outcome === null) return true;
  ledgers.report(oneAnswer, {
    node,
    rule: isHandedHere ? 'answered-twice' : 'not-asked',
    relation: !isHandedHere
      ? attempt === undefined
        ? 'unknown-attempt'
        : 'handed-elsewhere'
      : attempt.outcome === outcome
        ? 'same-answer'
        : 'other-answer',
    detail: isHandedHere
      ? `S${node} answers attempt ${requestId} with ${outcome}, after ${attempt.outcome}.`
      : `S${node} answers attempt ${requestId} with ${outcome}; it was not handed to it in this life.`,
    messageKind: null,
  });
  return false;
}
