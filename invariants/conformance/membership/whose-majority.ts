/** What is named where a majority is missing: by what it was perhaps mistaken for one. */
import type { Configuration } from '../../../core/messages.ts';
import { configurationWords } from '../../configuration-words.ts';
import type { ObservedServer } from '../observed-server.ts';
import { halvesOf, isSatisfied, type Needed } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import { serversOf } from '../scene.ts';
import { jointMajorities } from './joint-majorities.ts';
import { latestConfigurationCounts } from './latest-configuration-counts.ts';
import { learnerNotCounted } from './learner-not-counted.ts';

/** The rule that is broken, and what is to be said behind the number of those that are needed. */
export interface Mistake {
  readonly rule: Rule;
  readonly words: string;
}

/**
 * `servers` (bit per server) are no majority in the configuration in force; null: they would be none
 * in any other way either.
 */
export function mistakeOf(server: ObservedServer, servers: number, needed: Needed): Mistake | null {
  const { inForce, placed } = server;
  const halves = halvesOf(inForce);
  if (halves.length === 2 && isAnyHalf(inForce, servers, needed)) {
    return { rule: jointMajorities, words: `; in force is ${configurationWords(inForce)}` };
  }
  const learning = inForce.learners.reduce((bits, node) => bits | (1 << node), 0) & servers;
  if (learning !== 0 && isSatisfiedWith(inForce, servers, needed)) {
    const words = ` (${serversOf(learning)} only learns)`;
    return { rule: learnerNotCounted, words };
  }
  for (const other of otherConfigurations(server)) {
    if (!isSatisfied(other, servers, needed)) continue;
    const where = placed.index === 0 ? 'from the start' : `since index ${placed.index}`;
    const words =
      `; it would be enough in ${configurationWords(other)}, ` +
      `and in force is ${configurationWords(inForce)} (${where})`;
    return { rule: latestConfigurationCounts, words };
  }
  return null;
}

/** Of one half, or of both taken together. */
function isAnyHalf(configuration: Configuration, servers: number, needed: Needed): boolean {
  const halves = halvesOf(configuration);
  const all = [...new Set(halves.flat())];
  return [...halves, all].some((voters) =>
    isSatisfied({ voters, newVoters: null, learners: [] }, servers, needed),
  );
}

/** Learners stand in for voters. */
function isSatisfiedWith(configuration: Configuration, servers: number, needed: Needed): boolean {
  return halvesOf(configuration).every((half) => {
    const all = [...half, ...configuration.learners];
    const counted = { voters: all, newVoters: null, learners: [] };
    return isSatisfied(counted, servers, () => needed(half.length));
  });
}

/** The one before, and those that this life has had in its log and has no more. */
function otherConfigurations(server: ObservedServer): Configuration[] {
  const { placed, formerConfigurations } = server;
  const before = placed.index === 0 ? [] : [server.placedAt(placed.index - 1).configuration];
  return [...before, ...formerConfigurations];
}
