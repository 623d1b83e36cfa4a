/**
 * Which configuration came behind which: an entry that holds a configuration begins an era in every
 * log that has the entry, and the entries behind it belong to that era, up to the next one. Eras are
 * a tree, as logs are. Era 0 is the bootstrap configuration's; a few numbers per reconfiguration.
 */
import type { LogIndex } from '../../core/messages.ts';
import type { Renumbering } from './renumbering.ts';

/** Names an era. */
export type EraId = number;

export class Eras {
  private readonly configurations: number[] = [0];
  private readonly previous: EraId[] = [0];
  /** Ids of the ledger of logs. */
  private readonly firstIds: number[] = [0];
  private readonly firstIndexes: LogIndex[] = [0];

  /** Eras below this exist; 1 when no entry has ever held a configuration. */
  get count(): number {
    return this.configurations.length;
  }

  /** The number of the configuration that is in force in it. */
  configurationOf(era: EraId): number {
    return this.configurations[era]!;
  }

  /** The era before it, in the same logs; of era 0 itself. */
  previousOf(era: EraId): EraId {
    return this.previous[era]!;
  }

  /** The entry that began it; 0 for era 0. */
  firstOf(era: EraId): number {
    return this.firstIds[era]!;
  }

  /** The index of that entry. */
  firstIndexOf(era: EraId): LogIndex {
    return this.firstIndexes[era]!;
  }

  /** Entries that are forgotten are all committed. */
  renumber(renumbering: Renumbering): void {
    const { firstIds } = this;
    for (let era = 0; era < firstIds.length; era += 1) {
      firstIds[era] = renumbering.of(firstIds[era]!);
    }
  }

  begin(previous: EraId, configuration: number, first: number, index: LogIndex): EraId {
    this.previous.push(previous);
    this.firstIds.push(first);
    this.firstIndexes.push(index);
    return this.configurations.push(configuration) - 1;
  }
}
