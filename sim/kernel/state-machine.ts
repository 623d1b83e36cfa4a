/** The state machine that the world keeps for each server; a server's memory of it dies with it. */
import type { Command } from '../../core/messages.ts';

export interface HostedStateMachine {
  /** Carries out a committed command; the result, or null for none. */
  apply(command: Command): string | null;
  /** Everything it holds, as [key, value] pairs sorted by key. */
  contents(): readonly (readonly [string, string])[];
}
