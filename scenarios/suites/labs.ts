/** Everything that the Raft labs of well-known courses test, and what they are blind to. */
import type { Suite } from '../../sim/grading/suite.ts';
import { LABS_CLIENTS } from './labs-clients.ts';
import { LABS_ELECTION } from './labs-election.ts';
import { LABS_LOG } from './labs-log.ts';
import { LABS_NETWORK } from './labs-network.ts';
import { LABS_PERSISTENCE } from './labs-persistence.ts';
import { LABS_SNAPSHOTS } from './labs-snapshots.ts';
import { LABS_TAILS } from './labs-tails.ts';
import { LABS_VOTES } from './labs-votes.ts';

/** Of those that need many events, or features that few build: in the suite `full` only. */
const FULL_ONLY = ['T2', 'T3', 'D9', 'D10', 'D11', 'K7', 'K8', 'K11'];

const ALL = [
  ...LABS_ELECTION,
  ...LABS_VOTES,
  ...LABS_LOG,
  ...LABS_TAILS,
  ...LABS_PERSISTENCE,
  ...LABS_SNAPSHOTS,
  ...LABS_NETWORK,
  ...LABS_CLIENTS,
];

export const BEYOND_LABS = ALL.filter(({ id }) => FULL_ONLY.includes(id));

export const LABS: Suite = {
  name: 'labs',
  version: 1,
  title: 'The Raft labs of courses, and what they are blind to',
  denominator: 'fixed',
  tests: ALL.filter(({ id }) => !FULL_ONLY.includes(id)),
};
