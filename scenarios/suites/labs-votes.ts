/** Elections that are close: several stand at once, and whom a server voted for is what counts. */
import { at, atLeader, crash, cutOff, does, every, on, shuffled, split } from './faults.ts';
import { FEW_RUNS, graded } from './graded.ts';

/** Two servers with random timeouts part within a few tries: this many are past all chance. */
const IN_VAIN_MAX = 12;

function standings(candidacies: number, reigns: number): string {
  return `Servers stood for election ${candidacies} times, and ${reigns} times one was elected.`;
}

export const LABS_VOTES = [
  graded({
    id: 'V1',
    title: 'Requests and votes that come late',
    sentence: 'A request for a vote, or a vote, of a term that is over counts for nothing.',
    section: '§5.1, §5.2',
    needs: ['claims'],
    points: 3,
    shape: (trial) => ({
      size: trial.pick(0, 1) === 0 ? 3 : 5,
      chaos: 40,
      clients: 0,
      network: 'late',
      faults: [1, 2, 3, 4, 5, 6].map((nth) => cutOff(atLeader(nth), trial.us(2))),
    }),
    every: ['leader-claimed'],
    answered: 0,
  }),
  graded({
    id: 'V2',
    title: 'The voter between two candidates',
    sentence: 'Two servers need the vote of a third, which crashes again and again.',
    section: '§5.2, Figure 2',
    needs: ['claims', 'durability'],
    points: 4,
    shape: (trial) => {
      const [a, b, voter] = shuffled(trial, 3);
      return {
        size: 3,
        chaos: 30,
        clients: 0,
        network: 'far',
        faults: [
          split(at(0), [a!], [b!], trial.us(30)),
          ...every(trial, 0.5, 0.3, 95, (atUs) => [crash(at(atUs), trial.us(0.01), voter!)]),
        ],
      };
    },
    every: ['leader-claimed'],
    answered: 0,
  }),
  graded({
    id: 'V3',
    title: 'Candidates die',
    sentence: 'A candidate that crashes right after it has won has not voted for anybody else.',
    section: '§5.2, Figure 2',
    needs: ['claims', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 3,
      chaos: 30,
      clients: 6,
      every: 0.05,
      faults: Array.from({ length: 30 }, (_, i) => [
        does(on('candidate', i + 1, 0), {
          do: 'stall',
          node: 0,
          stream: null,
          forUs: trial.us(1.5),
        }),
        cutOff(atLeader(i + 1), trial.us(0.3)),
        does(on('leader', i + 1, 2), {
          do: 'crash',
          node: 0,
          restartUs: trial.us(0.02),
          keep: 'none',
        }),
      ]).flat(),
    }),
    every: ['leader-claimed'],
    answered: 0,
  }),
  graded({
    id: 'V4',
    title: 'Elections do not take for ever',
    sentence: 'Random timeouts, drawn anew each time, let one of two candidates be first soon.',
    section: '§5.2',
    needs: ['claims', 'durability'],
    points: 3,
    shape: (trial) => ({
      size: 4,
      chaos: 40,
      clients: 0,
      faults: Array.from({ length: 24 }, (_, i) => crash(atLeader(i + 1), trial.us(2))),
    }),
    every: ['leader-changed'],
    answered: 0,
    budget: ({ termsInVain, candidacies, reigns }) => {
      if (termsInVain <= IN_VAIN_MAX && candidacies <= reigns * 3 + 10) return null;
      if (termsInVain <= IN_VAIN_MAX) return standings(candidacies, reigns);
      return `In ${termsInVain} terms in a row servers stood for election, and nobody was elected.`;
    },
  }),
  graded({
    id: 'V5',
    title: 'Those who cannot win',
    sentence: 'Servers with old logs stand in vain, and do not keep from it the one that can win.',
    section: '§5.2, §5.4.1',
    needs: ['claims', 'durability'],
    points: 3,
    runs: FEW_RUNS,
    shape: (trial) => {
      const order = shuffled(trial, 5);
      const { us } = trial;
      const rounds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
      return {
        size: 5,
        chaos: 100,
        clients: 2,
        every: 0.5,
        timeout: 1,
        readPpm: 0,
        faults: rounds.flatMap((round) => {
          const [a, b, c, d, e] = order.map((_, i) => order[(i + round) % 5]!);
          const from = 3 + round * 8;
          return [
            split(at(us(from)), [a!, b!], [c!, d!, e!], us(3)),
            crash(at(us(from + 3)), us(4), c!),
            crash(at(us(from + 3)), us(4), d!),
          ];
        }),
      };
    },
    every: ['ok-answered'],
    budget: ({ candidacies, reigns }) => {
      if (candidacies <= reigns * 7 + 10) return null;
      return standings(candidacies, reigns);
    },
  }),
];
