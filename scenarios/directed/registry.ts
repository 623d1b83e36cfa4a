/** All directed schedules: every mutant that can be killed has one that kills it. */
import { BATCHING } from './batching.ts';
import { CLIENTS } from './clients.ts';
import { COMMIT } from './commit.ts';
import type { Directed } from './directed.ts';
import { DISK_ANSWERS } from './disk-answers.ts';
import { DURABILITY } from './durability.ts';
import { ELECTIONS } from './elections.ts';
import { FOLLOWER_LOG } from './follower-log.ts';
import { MEMBERSHIP } from './membership.ts';
import { OPERATORS } from './operators.ts';
import { PAUSED_TIME } from './paused-time.ts';
import { PRE_VOTES } from './pre-votes.ts';
import { READS } from './reads.ts';
import { REMOVED_SERVERS } from './removed-servers.ts';
import { REPLICATION } from './replication.ts';
import { RESTARTS } from './restart.ts';
import { SESSIONS } from './sessions.ts';
import { SNAPSHOTS } from './snapshots.ts';
import { TIMERS } from './timers.ts';
import { VOTES } from './votes.ts';

/** By theme, in the order of the mutants. */
export const DIRECTED: readonly Directed[] = [
  ...ELECTIONS,
  ...VOTES,
  ...FOLLOWER_LOG,
  ...REPLICATION,
  ...COMMIT,
  ...DURABILITY,
  ...DISK_ANSWERS,
  ...RESTARTS,
  ...TIMERS,
  ...CLIENTS,
  ...BATCHING,
  ...SNAPSHOTS,
  ...MEMBERSHIP,
  ...REMOVED_SERVERS,
  ...PAUSED_TIME,
  ...SESSIONS,
  ...READS,
  ...PRE_VOTES,
  ...OPERATORS,
];
