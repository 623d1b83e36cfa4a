/** All directed schedules: every mutant that can be killed has one that kills it. */
import type { Directed } from './directed.ts';
import { DURABILITY } from './durability.ts';
import { ELECTIONS } from './elections.ts';
import { TIMERS } from './timers.ts';
import { VOTES } from './votes.ts';

/** By theme, in the order of the mutants. */
export const DIRECTED: readonly Directed[] = [...ELECTIONS, ...VOTES, ...DURABILITY, ...TIMERS];
