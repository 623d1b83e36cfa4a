/** All mutants that the bench is examined with. */
import { BATCHING_MUTANTS } from './catalogue/batching.ts';
import { CLIENT_MUTANTS } from './catalogue/clients.ts';
import { COMMIT_MUTANTS } from './catalogue/commit.ts';
import { DISK_ANSWER_MUTANTS } from './catalogue/disk-answers.ts';
import { DURABILITY_MUTANTS } from './catalogue/durability.ts';
import { ELECTION_MUTANTS } from './catalogue/election.ts';
import { FOLLOWER_LOG_MUTANTS } from './catalogue/follower-log.ts';
import { LEGAL_MUTANTS } from './catalogue/legal.ts';
import { LEGAL_READ_MUTANTS } from './catalogue/legal-reads.ts';
import { LEGAL_REPLICATION_MUTANTS } from './catalogue/legal-replication.ts';
import { LEGAL_STORAGE_MUTANTS } from './catalogue/legal-storage.ts';
import { MEMBERSHIP_MUTANTS } from './catalogue/membership.ts';
import { OPERATOR_MUTANTS } from './catalogue/operators.ts';
import { PAUSED_TIME_MUTANTS } from './catalogue/paused-time.ts';
import { READ_MUTANTS } from './catalogue/reads.ts';
import { REMOVED_SERVER_MUTANTS } from './catalogue/removed-servers.ts';
import { REPLICATION_MUTANTS } from './catalogue/replication.ts';
import { RESTART_MUTANTS } from './catalogue/restart.ts';
import { SESSION_MUTANTS } from './catalogue/sessions.ts';
import { SNAPSHOT_MUTANTS } from './catalogue/snapshots.ts';
import { TIMER_MUTANTS } from './catalogue/timers.ts';
import { VOTING_MUTANTS } from './catalogue/voting.ts';
import type { Mutant } from './mutant.ts';

/** By theme, each theme from the plain to the subtle. */
export const MUTANTS: readonly Mutant[] = [
  ...ELECTION_MUTANTS,
  ...VOTING_MUTANTS,
  ...FOLLOWER_LOG_MUTANTS,
  ...REPLICATION_MUTANTS,
  ...COMMIT_MUTANTS,
  ...DURABILITY_MUTANTS,
  ...DISK_ANSWER_MUTANTS,
  ...RESTART_MUTANTS,
  ...TIMER_MUTANTS,
  ...CLIENT_MUTANTS,
  ...BATCHING_MUTANTS,
  ...SNAPSHOT_MUTANTS,
  ...MEMBERSHIP_MUTANTS,
  ...REMOVED_SERVER_MUTANTS,
  ...READ_MUTANTS,
  ...PAUSED_TIME_MUTANTS,
  ...SESSION_MUTANTS,
  ...OPERATOR_MUTANTS,
  ...LEGAL_MUTANTS,
  ...LEGAL_REPLICATION_MUTANTS,
  ...LEGAL_STORAGE_MUTANTS,
  ...LEGAL_READ_MUTANTS,
];

/** The mutant of this name, or null. */
export function mutantOf(id: string): Mutant | null {
  return MUTANTS.find((mutant) => mutant.id === id) ?? null;
}
