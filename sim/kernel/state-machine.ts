/** The state machine that the world keeps for each server; a server's memory of it dies with it. */
import type { Command, LogIndex } from '../../core/messages.ts';

export interface HostedStateMachine {
  /**
   * Carries out the committed command at `index`; the result, or null for none. `wallClock` stands in
   * the entry, ms; 0 where time is not logged.
   */
  apply(command: Command, index: LogIndex, wallClock: number): string | null;
  /** The result of a read as of now, without applying anything. */
  query(command: Command): string | null;
  /** All of it, also what `contents` does not show, as text that `restore` understands. */
  snapshot(): string;
  /** Becomes what `snapshot` was taken of. */
  restore(data: string): void;
  /** Everything it holds, as [key, value] pairs sorted by key. */
  contents(): readonly (readonly [string, string])[];
}
