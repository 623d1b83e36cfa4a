/** Configurations as criteria of scenarios see them: those that a disk holds. */
import type { Configuration, LogIndex, NodeId } from '../core/messages.ts';
import { type DiskState, withoutStale } from './disk-image.ts';

/** The configuration in force with this disk (§6), and the index where it stands; 0: bootstrap. */
export interface InForce {
  readonly index: LogIndex;
  readonly configuration: Configuration;
}

/** The latest of the log, else that of the snapshot, else the one that the server was told. */
export function configurationIn(disk: DiskState, bootstrap: readonly NodeId[]): InForce {
  const { firstIndex, log, snapshot } = withoutStale(disk);
  const place = log.findLastIndex(({ configuration }) => configuration !== undefined);
  const known = place < 0 ? undefined : log[place]!.configuration;
  if (known !== undefined) return { index: firstIndex + place, configuration: known };
  if (snapshot !== null) {
    return { index: snapshot.lastIncludedIndex, configuration: snapshot.configuration };
  }
  return { index: 0, configuration: { voters: bootstrap, newVoters: null, learners: [] } };
}

/** "1 2 3", "1 2 3 / 2 3 4" while joint, "1 2 3 + 4" with a learner. */
export function showConfiguration({ voters, newVoters, learners }: Configuration): string {
  const joint = newVoters === null ? '' : ` / ${newVoters.join(' ')}`;
  const more = learners.length === 0 ? '' : ` + ${learners.join(' ')}`;
  return `${voters.join(' ')}${joint}${more}`;
}
