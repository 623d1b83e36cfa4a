/** Changes of what a plan's faults happen in. */
import type { Plan } from '../kernel/plan.ts';
import type { Choices } from './choices.ts';

const DECISIONS_MAX = 16;
const KINDS = ['AppendEntries', 'AppendEntriesResponse', 'RequestVote', 'RequestVoteResponse'];
/** Only sent where snapshots are taken. */
const SNAPSHOT_KINDS = ['InstallSnapshot', 'InstallSnapshotResponse'];

/**
 * The same faults in another cluster with as many servers, with its network, disks and clients,
 * which were drawn for each other. Faults keep their place in the chaos phase.
 */
export function changeSurroundings(plan: Plan, { donor }: Choices): Plan {
  const [before, after] = [plan.phases.chaosUs, donor.phases.chaosUs];
  const faults = plan.faults.map(({ when, what }) => {
    if (!('atUs' in when) || before === 0) return { when, what };
    return { when: { atUs: Math.floor((when.atUs * after) / before) }, what };
  });
  return { ...donor, seed: plan.seed, faults };
}

/** Other shares of late, lost, doubled and old messages. */
export function changeWeather(plan: Plan, { donor }: Choices): Plan {
  const { tailPpm, tailUsMax, lossPpm, duplicatePpm, graveyardPpm } = donor.network;
  const network = {
    ...plan.network,
    tailPpm,
    tailUsMax: Math.max(tailUsMax, plan.network.latencyUsMax),
    lossPpm,
    duplicatePpm,
    graveyardPpm,
  };
  return { ...plan, network };
}

/** A longer chaos phase, up to twice that of some fresh plan. */
export function lengthen(plan: Plan, { donor, luck }: Choices): Plan {
  const { phases } = plan;
  const longer = Math.floor((phases.chaosUs * luck.one([150, 200])) / 100);
  const chaosUs = Math.min(longer, donor.phases.chaosUs * 2);
  return chaosUs <= phases.chaosUs ? plan : { ...plan, phases: { ...phases, chaosUs } };
}

/** One message comes several election timeouts later than it would. */
export function delayMessage(plan: Plan, { luck }: Choices): Plan {
  const { size, spares, config } = plan.cluster;
  const servers = size + spares;
  if (servers === 1) return plan;
  const from = luck.between(1, servers);
  const to = ((from - 1 + luck.between(1, servers - 1)) % servers) + 1;
  const kinds = config.snapshotEntries > 0 ? [...KINDS, ...SNAPSHOT_KINDS] : KINDS;
  const nth = 1 + luck.below(1 << luck.between(1, 8));
  const match = { from, to, kind: luck.one(kinds), term: null, nth };
  const delayUs = config.electionMsMax * 1000 * luck.between(1, 12);
  const decision = { match, drop: false, delayUs, duplicateUs: null };
  return { ...plan, decisions: [...plan.decisions, decision].slice(-DECISIONS_MAX) };
}
