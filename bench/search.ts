/**
 * `npm run bench:search [-- OPTIONS]`: runs until each mutant is killed, by random and by guided
 * search, from several independent starts.
 *
 *     --search random|guided|both   which to measure (both)
 *     --only ID,ID                  these mutants; else all, by random, and the hard ones by both
 *     --starts N                    independent searches for each mutant (5)
 *     --runs N                      runs of a search at most (10000)
 *     --json                        a line of JSON for each mutant, in place of the table
 */
import { parseArgs } from 'node:util';
import { bundleMutant } from '../scenarios/mutants/bundle.ts';
import { MUTANTS } from '../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../scenarios/mutants/load.ts';
import { isKillable, type Mutant } from '../scenarios/mutants/mutant.ts';
import { GENERATION } from '../sim/campaign/guided-schedule.ts';
import { StateSet } from '../sim/explore/state-set.ts';
import type { Implementation } from '../sim/run.ts';
import { tuneEngine } from '../sim/tune-engine.ts';
import { VERSIONS } from '../sim/versions.ts';
import { type Hunted, searchTable, typicalRuns } from './search-table.ts';
import { type Hunt, hunt, type SearchName } from './seeds-to-kill.ts';

/** Starts lie so far apart that no two searches share a seed. */
const STRIDE = 1_000_000;
/** A mutant is hard when random search needs more runs than this, typically. */
const HARD_RUNS = 20;
/** The engine compiles what is hot in the first runs: they are not measured. */
const WARM_UP_RUNS = 200;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      search: { type: 'string', default: 'both' },
      only: { type: 'string', default: '' },
      starts: { type: 'string', default: '5' },
      runs: { type: 'string', default: '10000' },
      json: { type: 'boolean', default: false },
    },
  });
  tuneEngine();
  const only = values.only === '' ? [] : values.only.split(',');
  const chosen = MUTANTS.filter((mutant) => isKillable(mutant));
  const mutants = only.length === 0 ? chosen : chosen.filter(({ id }) => only.includes(id));
  const starts = Array.from({ length: Number(values.starts) }, (_, i) => String(1 + i * STRIDE));
  const states = new StateSet();
  const hunted: Hunted[] = [];
  for (const mutant of mutants) {
    const implementation = await load(mutant);
    const measure = (search: SearchName): Hunt[] =>
      starts.map((from) => {
        const runsMax = Number(values.runs);
        return hunt(search, { implementation, from, runsMax, generation: GENERATION, states });
      });
    const random = values.search === 'guided' ? null : measure('random');
    const isHard = only.length > 0 || random === null || typicalRuns(random) > HARD_RUNS;
    const guided = values.search === 'random' || !isHard ? null : measure('guided');
    hunted.push({ id: mutant.id, random, guided });
    if (values.json) console.log(JSON.stringify({ versions: VERSIONS, ...hunted.at(-1) }));
    process.stderr.write(`${hunted.length} of ${mutants.length} mutants\n`);
  }
  if (!values.json) console.log(searchTable(hunted, Number(values.runs)));
}

/** As in a campaign the core's own assertions are off. */
async function load(mutant: Mutant): Promise<Implementation> {
  const implementation = await loadBundle(await bundleMutant(mutant, { assertionsOff: true }));
  const states = new StateSet();
  for (const search of ['random', 'guided'] as const) {
    const options = { implementation, from: '900000001', runsMax: WARM_UP_RUNS, states };
    hunt(search, { ...options, generation: GENERATION });
  }
  return implementation;
}

await main();
