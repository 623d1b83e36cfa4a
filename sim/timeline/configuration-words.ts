/** Configurations in short words: "S1 S2 S3", "C_old,new S1 S2 S3 / S2 S3 S4, learners S5". */
import type { Configuration, Entry, LogIndex } from '../../core/messages.ts';
import { serverNames } from './server-name.ts';

export function configurationWords({ voters, newVoters, learners }: Configuration): string {
  const named = voters.length === 0 ? 'nobody' : serverNames(voters);
  const both = newVoters === null ? named : `C_old,new ${named} / ${serverNames(newVoters)}`;
  return learners.length === 0 ? both : `${both}, learners ${serverNames(learners)}`;
}

/** " (C_old,new S1 / S1 S2)", of several entries with the index; empty when there is none. */
export function configurationsAmong(entries: readonly Entry[], first: LogIndex): string {
  const known: string[] = [];
  for (let i = 0; i < entries.length; i += 1) {
    const { configuration } = entries[i]!;
    if (configuration !== undefined)
      known.push(`${first + i}: ${configurationWords(configuration)}`);
  }
  return known.length === 0 ? '' : ` (${known.join('; ')})`;
}
