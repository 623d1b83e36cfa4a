/**
 * Floors of non-vacuity: a campaign in which too little happened proves nothing, however green.
 * They are measured always, and enforced only where the plans are known to reach them.
 */
import { SITUATIONS } from '../../invariants/all-situations.ts';
import type { Tally } from './tally.ts';

export interface Floor {
  readonly id: 'medianEvents' | 'twoLeadersShare' | 'excusedShare' | 'situationsMissed';
  readonly sentence: string;
  readonly value: number;
  readonly holds: boolean;
}

const MEDIAN_EVENTS_MIN = 1500;
const TWO_LEADERS_SHARE_MIN = 0.8;
const EXCUSED_SHARE_MAX = 0.05;

/** Fewer seeds than this say nothing about shares. */
export const FLOOR_SEEDS_MIN = 200;

/** All floors, in a fixed order. */
export function floorsOf(tally: Tally): readonly Floor[] {
  const { seeds, medianEvents } = tally;
  const share = (count: number) => (seeds === 0 ? 0 : count / seeds);
  const twoLeaders = share(tally.twoLeaders);
  const excused = share(tally.excusedCount);
  return [
    {
      id: 'medianEvents',
      sentence: `The median run has more than ${MEDIAN_EVENTS_MIN} events.`,
      value: medianEvents,
      holds: medianEvents > MEDIAN_EVENTS_MIN,
    },
    {
      id: 'twoLeadersShare',
      sentence: 'At least two leaders are elected in 80 % of the runs.',
      value: twoLeaders,
      holds: twoLeaders >= TWO_LEADERS_SHARE_MIN,
    },
    {
      id: 'excusedShare',
      sentence: 'Fewer than 5 % of the runs are excused; above 5 % the campaign is vacuous.',
      value: excused,
      holds: excused < EXCUSED_SHARE_MAX,
    },
    situationsFloor(tally),
  ];
}

/** Every situation that campaigns of this length reach. */
function situationsFloor({ seeds, features, situations }: Tally): Floor {
  const missed = SITUATIONS.filter(({ id, seedsMin, needs }) => {
    const chances = needs === null ? seeds : (features[needs] ?? 0);
    return seedsMin !== null && chances >= seedsMin && (situations[id] ?? 0) === 0;
  });
  const names = missed.map(({ id }) => id).join(', ');
  return {
    id: 'situationsMissed',
    sentence: `No situation is missed that so many seeds should reach${names && `, but ${names}`}.`,
    value: missed.length,
    holds: missed.length === 0,
  };
}
