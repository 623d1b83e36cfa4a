/** The quorums that were really used have a server in common. */
import type { Term } from '../../core/messages.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { listServers } from '../ledgers/votes.ts';
import type { Property } from '../property.ts';

export const quorumIntersection: Property = {
  id: 'quorum-intersection',
  title: 'Quorum Intersection',
  sentence:
    'Any two sets of servers that elected leaders, and any that elected a leader and held what was committed before it, have a server in common, as long as the configuration is the same, or the next one in the same log.',
  section: '§5.2, §5.4.3, §6',
  kind: 'safety',
  facts: ['sent', 'persisted'],
};

/** How many earlier elections one is compared with. */
const ELECTIONS_BACK = 64;

/** A leader was elected by these servers; earlier elections are in the ledger, as is this one. */
export function checkElectionQuorum(ledgers: Ledgers, term: Term, voters: number): void {
  const { leaders, commits } = ledgers;
  const { terms } = leaders;
  for (let i = Math.max(0, terms.length - ELECTIONS_BACK); i < terms.length; i += 1) {
    const other = terms[i]!;
    if (other === term) continue;
    if ((leaders.votersOf(other) & voters) !== 0 || !mustMeet(ledgers, term, other)) continue;
    report(
      ledgers,
      term,
      voters,
      leaders.votersOf(other),
      `those who elected S${leaders.nodeOf(other)} in term ${other}`,
      'elections',
    );
  }
  if (commits.last === 0 || commits.copiesTerm >= term || (commits.copies & voters) !== 0) return;
  if (configurationAt(ledgers, term) !== commits.copiesConfiguration) return;
  report(
    ledgers,
    term,
    voters,
    commits.copies,
    `those who held the commit of term ${commits.copiesTerm}`,
    'election-and-commit',
  );
}

/** An entry is claimed with copies on these servers; later leaders may exist already. */
export function checkCommitQuorum(
  ledgers: Ledgers,
  claimTerm: Term,
  copies: number,
  configuration: number,
): void {
  const { leaders } = ledgers;
  if (leaders.newestTerm <= claimTerm) return;
  for (const term of leaders.terms) {
    if (term <= claimTerm || (leaders.votersOf(term) & copies) !== 0) continue;
    if (configurationAt(ledgers, term) !== configuration) continue;
    report(
      ledgers,
      term,
      leaders.votersOf(term),
      copies,
      `those who hold a commit of term ${claimTerm}`,
      'election-and-commit',
    );
  }
}

/** Elections in one configuration, or in neighbours of one log; others may have nobody in common. */
function mustMeet(ledgers: Ledgers, a: Term, b: Term): boolean {
  const { leaders, log, configurations } = ledgers;
  const [eraOfA, eraOfB] = [leaders.electionEra(a), leaders.electionEra(b)];
  if (eraOfA === eraOfB) return true;
  const { eras } = log;
  if (eras.previousOf(eraOfA) === eraOfB || eras.previousOf(eraOfB) === eraOfA) return true;
  return configurations.doIntersect(eras.configurationOf(eraOfA), eras.configurationOf(eraOfB));
}

/** The configuration in which the leader of this term was elected. */
function configurationAt({ leaders, log }: Ledgers, term: Term): number {
  return log.eras.configurationOf(leaders.electionEra(term));
}

function report(
  ledgers: Ledgers,
  term: Term,
  voters: number,
  others: number,
  whoseOthers: string,
  rule: string,
): void {
  const node = ledgers.leaders.nodeOf(term);
  ledgers.report(quorumIntersection, {
    node,
    rule,
    relation: 'disjoint',
    detail:
      `S${node} was elected in term ${term} by ${listServers(voters)}, ` +
      `who have nobody in common with ${whoseOthers}: ${listServers(others)}.`,
    messageKind: null,
  });
}
