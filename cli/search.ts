/** How a campaign looks for failures. */
import type { CampaignOptions } from '../sim/campaign/campaign.ts';
import { UsageError } from '../sim/usage-error.ts';
import type { Arguments } from './options.ts';
import { nameOf, textOf } from './parse.ts';

const SEARCHES = ['random', 'guided'] as const satisfies readonly CampaignOptions['search'][];

/** What --search names; throws a UsageError for anything else, and for a guided one with --profile. */
export function searchOf(args: Arguments): CampaignOptions['search'] {
  const typed = textOf('--search', args.search);
  if (typed === null) return 'random';
  const name = nameOf(`one of ${SEARCHES.join(', ')}`, typed, SEARCHES);
  if (name === 'guided' && args.profile !== undefined) {
    throw new UsageError(
      'Expected --search guided without --profile: it mixes plans of all of them.',
    );
  }
  if (name === 'guided' && args.shard !== undefined) {
    throw new UsageError('Expected --search guided without --shard: it is one search.');
  }
  return name;
}
