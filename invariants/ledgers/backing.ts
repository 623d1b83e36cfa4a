import type { LogIndex } from '../../core/messages.ts';
import type { EraId } from './eras.ts';
import type { Ledgers } from './ledgers.ts';

/**
 * May a leader whose log has come to `era` count these copies as a commit of `index`: is one of them
 * in every quorum of a configuration that was in force on it since the entry was in its log?
 */
export function isBacked(ledgers: Ledgers, era: EraId, index: LogIndex, copies: number): boolean {
  const { configurations } = ledgers;
  const { eras } = ledgers.log;
  let at = era;
  while (!configurations.intersectsEveryQuorum(eras.configurationOf(at), copies)) {
    if (eras.firstIndexOf(at) <= index) return false;
    at = eras.previousOf(at);
  }
  return true;
}
