/** What is wrong with a plan whose knobs are right one by one. */
export type Path = readonly (string | number)[];

/** A broken rule, at `path`. */
export interface PlanProblem {
  readonly path: Path;
  readonly expected: string;
  readonly got: string;
  /** What was probably meant. */
  readonly nearest?: string;
}

export type Problems = PlanProblem[];

/** Adds a problem for each name that stands there a second time. */
export function checkDistinct(
  names: readonly string[],
  pathOf: (place: number) => Path,
  problems: Problems,
): void {
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    problems.push({ path: pathOf(i), expected: 'each of them once', got: `${name} again` });
  });
}
