/** How a campaign looks for failures. */
import type { CampaignOptions } from '../sim/campaign/campaign.ts';
import type { Arguments } from './options.ts';
import { nameOf, textOf } from './parse.ts';

const SEARCHES = ['random', 'guided'] as const satisfies readonly CampaignOptions['search'][];

/** What --search names; throws a UsageError for anything else. */
export function searchOf(args: Arguments): CampaignOptions['search'] {
  const name = textOf('--search', args.search);
  if (name === null) return 'random';
  nameOf(`one of ${SEARCHES.join(', ')}`, name, SEARCHES);
  return name === 'guided' ? 'guided' : 'random';
}
