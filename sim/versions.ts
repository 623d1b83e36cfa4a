/**
 * Three versions stand in every plan, trace, corpus file and replay line. Plan files are stable
 * always, seeds within a generator version, digests within an engine version.
 */

/** The file format of plans and traces; plans of all versions up to this one can be read. */
export const SCHEMA_VERSION = 3;
/** What a seed means: the plan that is generated from it. */
export const GENERATOR_VERSION = 3;
/** What a plan does: the run that it describes. */
export const ENGINE_VERSION = 3;

export interface Versions {
  readonly schema: number;
  readonly generator: number;
  readonly engine: number;
}

/** The versions of this program. */
export const VERSIONS: Versions = {
  schema: SCHEMA_VERSION,
  generator: GENERATOR_VERSION,
  engine: ENGINE_VERSION,
};

/** One sentence for each version in which `made` differs from ours; none when all agree. */
export function versionDifferences(made: Versions): readonly string[] {
  const sentences: string[] = [];
  for (const name of ['schema', 'generator', 'engine'] as const) {
    if (made[name] === VERSIONS[name]) continue;
    sentences.push(
      `It was made with ${name} version ${made[name]}; this is version ${VERSIONS[name]}.`,
    );
  }
  return sentences;
}
