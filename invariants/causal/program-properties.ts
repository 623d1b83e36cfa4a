/** Every property that runs of opaque programs are judged by, in the order of reports. */
import { acknowledgedIsCommitted } from '../clients/acknowledged-is-committed.ts';
import { exactlyOnce } from '../clients/exactly-once.ts';
import { linearizability } from '../clients/linearizability.ts';
import { oneAnswer } from '../clients/one-answer.ts';
import { refusedNeverCommitted } from '../clients/refused-never-committed.ts';
import { leaderElectionLiveness } from '../liveness/leader-election-liveness.ts';
import { trafficProgress } from '../liveness/traffic-progress.ts';
import type { Property } from '../property.ts';
import { electionSafety } from '../safety/election-safety.ts';
import { noInventedCommand } from '../safety/no-invented-command.ts';
import {
  acknowledgedBeforeDurableMajority,
  acknowledgedWithoutMajority,
} from './acknowledgement.ts';
import { appliedSequencesAgree } from './applying.ts';
import {
  claimedTermsRise,
  electedBeforeDurableMajority,
  electedWithoutMajority,
} from './claims.ts';
import { acknowledgedWritesSurvive } from './client-history.ts';
import { impossibleKnowledge } from './knowledge.ts';
import { appliedSequencesConverge } from './progress.ts';

/** Some of them are judged for the paper's messages, too. */
export const PROGRAM_PROPERTIES: readonly Property[] = [
  impossibleKnowledge,
  electedWithoutMajority,
  electedBeforeDurableMajority,
  electionSafety,
  claimedTermsRise,
  acknowledgedWithoutMajority,
  acknowledgedBeforeDurableMajority,
  noInventedCommand,
  appliedSequencesAgree,
  exactlyOnce,
  acknowledgedIsCommitted,
  acknowledgedWritesSurvive,
  refusedNeverCommitted,
  oneAnswer,
  linearizability,
  leaderElectionLiveness,
  appliedSequencesConverge,
  trafficProgress,
];
