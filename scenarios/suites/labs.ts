/** Everything that the Raft labs of well-known courses test, and what they are blind to. */
import type { Suite } from '../../sim/grading/suite.ts';
import { LABS_CLIENTS } from './labs-clients.ts';
import { LABS_ELECTION } from './labs-election.ts';
import { LABS_LOG } from './labs-log.ts';
import { LABS_NETWORK } from './labs-network.ts';
import { LABS_PERSISTENCE } from './labs-persistence.ts';
import { LABS_SNAPSHOTS } from './labs-snapshots.ts';

export const LABS: Suite = {
  name: 'labs',
  version: 1,
  title: 'The Raft labs of courses, and what they are blind to',
  denominator: 'fixed',
  tests: [
    ...LABS_ELECTION,
    ...LABS_LOG,
    ...LABS_PERSISTENCE,
    ...LABS_SNAPSHOTS,
    ...LABS_NETWORK,
    ...LABS_CLIENTS,
  ],
};
