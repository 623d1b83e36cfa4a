import type { InstallSnapshot, Snapshot } from '../../core/messages.ts';
import { entriesOf, type Image } from './cluster.ts';
import { checksumOf } from './machine.ts';

/** The snapshot, as server 1 would write it, of a log with entries of these terms. */
export function snapshotOf(
  terms: readonly number[],
  voters: readonly number[] = [1, 2, 3],
): Snapshot {
  const entries = entriesOf(terms);
  const checksum = entries.reduce((sum, entry, at) => checksumOf(sum, at + 1, entry), '');
  return {
    lastIncludedIndex: terms.length,
    lastIncludedTerm: terms[terms.length - 1]!,
    configuration: { voters, newVoters: null, learners: [] },
    data: `1(${checksum})-`,
  };
}

/** A disk with this log, of which a snapshot holds the first `covered` entries. */
export function compactedImage(
  currentTerm: number,
  terms: readonly number[],
  covered: number,
  firstIndex = covered + 1,
  voters: readonly number[] = [1, 2, 3],
): Image {
  return {
    currentTerm,
    votedFor: 0,
    firstIndex,
    entries: entriesOf(terms).slice(firstIndex - 1),
    snapshot: snapshotOf(terms.slice(0, covered), voters),
  };
}

/** The whole of a snapshot in one chunk, from S1 as the leader of `term`. */
export function installOf(
  term: number,
  snapshot: Snapshot,
  fields: Partial<InstallSnapshot> = {},
): InstallSnapshot {
  return {
    kind: 'InstallSnapshot',
    term,
    leaderId: 1,
    lastIncludedIndex: snapshot.lastIncludedIndex,
    lastIncludedTerm: snapshot.lastIncludedTerm,
    configuration: snapshot.configuration,
    offset: 0,
    data: snapshot.data,
    done: true,
    ...fields,
  };
}
