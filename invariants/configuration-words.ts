/** Configurations in short words: "S1 S2 S3", "C_old,new S1 S2 S3 / S2 S3 S4, learners S5". */
import type { Configuration, Entry, LogIndex, NodeId } from '../core/messages.ts';

export function configurationWords({ voters, newVoters, learners }: Configuration): string {
  const named = voters.length === 0 ? 'nobody' : names(voters);
  const both = newVoters === null ? named : `C_old,new ${named} / ${names(newVoters)}`;
  return learners.length === 0 ? both : `${both}, learners ${names(learners)}`;
}

/** " (C_old,new S1 / S1 S2)", with the index among several; empty where there is none. */
export function configurationsAmong(entries: readonly Entry[], first: LogIndex): string {
  const known = entries.flatMap(({ configuration }, i) => {
    if (configuration === undefined) return [];
    const place = entries.length === 1 ? '' : `${first + i}: `;
    return [`${place}${configurationWords(configuration)}`];
  });
  return known.length === 0 ? '' : ` (${known.join('; ')})`;
}

/** The same servers in the same parts. */
export function isSameConfiguration(
  a: Configuration | undefined,
  b: Configuration | undefined,
): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return configurationWords(a) === configurationWords(b);
}

function names(nodes: readonly NodeId[]): string {
  return nodes.map((node) => `S${node}`).join(' ');
}
