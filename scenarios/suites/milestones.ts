/**
 * The four milestones of a Raft project: elections, replication, safety, membership. Most of their
 * tests are those of the labs, in the order in which a Raft grows.
 */
import type { GradedTest, Suite } from '../../sim/grading/suite.ts';
import { at, crash, cutOff, every, shuffled, split } from './faults.ts';
import { graded } from './graded.ts';
import { LABS_CLIENTS } from './labs-clients.ts';
import { LABS_ELECTION } from './labs-election.ts';
import { LABS_LOG } from './labs-log.ts';
import { LABS_NETWORK } from './labs-network.ts';
import { LABS_PERSISTENCE } from './labs-persistence.ts';
import { MILESTONE_4 } from './milestones-membership.ts';

const LABS = [...LABS_ELECTION, ...LABS_LOG, ...LABS_PERSISTENCE, ...LABS_NETWORK, ...LABS_CLIENTS];

/** The test of the labs with that id, under a name of its own: its seeds are its own, too. */
function as(id: string, source: string): GradedTest {
  return { ...LABS.find((test) => test.id === source)!, id };
}

const splitVotes = graded({
  id: 'M1.4',
  title: 'Split votes are resolved',
  sentence: 'When several servers stand at once, random timeouts elect one of them soon.',
  section: '§5.2',
  needs: ['claims'],
  shape: (trial) => ({
    size: 5,
    chaos: 24,
    clients: 0,
    network: 'slow',
    faults: every(trial, 3, 4, 5, (atUs) => {
      const order = shuffled(trial, 5);
      const groups = [order.slice(0, 2), order.slice(2, 4), order.slice(4)] as const;
      return [
        split(at(atUs), groups[0], [...groups[1], ...groups[2]], trial.us(2)),
        split(at(atUs), groups[1], groups[2], trial.us(2)),
      ];
    }),
  }),
  every: ['leader-changed'],
  answered: 0,
});

const termSynchronization = graded({
  id: 'M1.5',
  title: 'Higher terms are taken over',
  sentence: 'A leader that hears of a higher term steps down, and takes the term over.',
  section: '§5.1',
  needs: ['claims'],
  shape: (trial) => ({
    size: 3,
    chaos: 24,
    clients: 1,
    faults: every(trial, 3, 7, 3, (atUs) => [cutOff(at(atUs), trial.us(5), trial.pick(1, 3))]),
  }),
  every: ['leader-claimed'],
});

const commitPropagation = graded({
  id: 'M2.5',
  title: 'The commit index reaches everybody',
  sentence: 'A follower applies what is committed, soon after, and nothing else.',
  section: '§5.3',
  shape: (trial) => ({
    size: 5,
    chaos: 20,
    clients: 3,
    faults: every(trial, 3, 4, 4, (atUs) => [cutOff(at(atUs), trial.us(2), trial.pick(1, 5))]),
  }),
  every: ['ok-answered'],
});

const leaderCompleteness = graded({
  id: 'M3.2',
  title: 'Later leaders have all that was committed',
  sentence:
    'The leader and a follower crash for good: what was answered is in the log of the next leader.',
  section: '§5.4.1',
  needs: ['durability'],
  points: 4,
  shape: (trial) => {
    const order = shuffled(trial, 5);
    const { us } = trial;
    return {
      size: 5,
      chaos: 20,
      clients: 3,
      faults: order.slice(0, 2).map((node, i) => crash(at(us(8 + 4 * i)), null, node)),
      core: order.slice(2).sort((a, b) => a - b),
    };
  },
  every: ['ok-answered'],
});

export const MILESTONES: Suite = {
  name: 'milestones',
  version: 1,
  title: 'The four milestones: elections, replication, safety, membership',
  denominator: 'fixed',
  tests: [
    as('M1.1', 'A1'),
    as('M1.2', 'A2'),
    as('M1.3', 'A3'),
    splitVotes,
    termSynchronization,
    as('M2.1', 'B1'),
    as('M2.2', 'B2'),
    as('M2.3', 'B3'),
    as('M2.4', 'B10'),
    commitPropagation,
    as('M3.1', 'A7'),
    leaderCompleteness,
    as('M3.3', 'N9'),
    as('M3.4', 'C4'),
    as('M3.5', 'B8'),
    as('M3.6', 'C5'),
    as('M3.7', 'K2'),
    ...MILESTONE_4,
  ],
};
