/** The line that a user copies to see the same run again. */
import type { ProfileName } from '../sim/generate/profile-names.ts';
import { VERSIONS } from '../sim/versions.ts';

/** What a command was told about what it runs and how it judges. */
export interface Selection {
  /** Path of a foreign implementation, as it was typed. */
  readonly sut: string | null;
  readonly mutant: string | null;
  /** Properties that are not judged. */
  readonly without: readonly string[];
  /** Of all seeds; none: every seed draws its own. */
  readonly profile?: ProfileName;
}

/** What is run: a seed, once or again in another worker; a plan or trace file; or a scenario. */
export type Target =
  | { readonly kind: 'twice'; readonly seed: string }
  | { readonly kind: 'seed'; readonly seed: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly seed: string | null;
      /** The file names another implementation. */
      readonly onReference?: true;
    }
  | { readonly kind: 'scenario'; readonly id: string; readonly seed: string | null };

export function replayLine(target: Target, { sut, mutant, without, profile }: Selection): string {
  const words = ['npx', 'whitewater', ...targetWords(target)];
  const isSeed = target.kind === 'seed' || target.kind === 'twice';
  if (isSeed && profile !== undefined) words.push('--profile', profile);
  if (mutant !== null) words.push('--mutant', mutant);
  if (sut !== null) words.push('--sut', sut);
  for (const property of without) words.push('--without', property);
  if (target.kind === 'twice') return words.map(quoted).join(' ');
  const { schema, generator, engine } = VERSIONS;
  words.push('--versions', `${schema}.${generator}.${engine}`);
  return words.map(quoted).join(' ');
}

function targetWords(target: Target): string[] {
  const seed = target.seed === null ? [] : ['--seed', target.seed];
  switch (target.kind) {
    // One run alone shows nothing: a campaign makes its first one a second time.
    case 'twice':
      return ['campaign', '--from', target.seed, '--seeds', '1'];
    case 'seed':
      return ['replay', ...seed];
    case 'file':
      return ['replay', target.path, ...seed, ...(target.onReference ? ['--reference'] : [])];
    case 'scenario':
      return ['run', target.id, ...seed];
  }
}

/** As a POSIX shell reads it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
