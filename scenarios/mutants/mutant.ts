/**
 * A mutant is the reference core with one bug in it, as data: edits of its sources. The core knows
 * nothing of it.
 */

/** Replaces a text that stands exactly once in a file. */
export interface Edit {
  /** Path from the root of the package, below core/, for example core/rules.ts. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** Kebab-case; the name that `--mutant` takes. */
  readonly id: string;
  /** What is wrong, in one line. */
  readonly title: string;
  /** What a run needs for the bug to matter. */
  readonly needs: string;
  /** Applied in order, each to what the ones before it have left. */
  readonly edits: readonly Edit[];
  /** Ids of the properties that break, the most typical one first. Empty when none can. */
  readonly breaks: readonly string[];
  /** The rule that is broken: a section of the paper (§) or of the thesis. */
  readonly section: string;
  /** Where it happened or was described: issues as owner/name#number, papers, addresses. */
  readonly source: readonly string[];
  /** Not a bug: why Raft allows it. The bench must stay silent. */
  readonly legal?: string;
  /** A bug that changes nothing on this core: the proof. The bench must stay silent. */
  readonly survivor?: string;
}

/** Can some run break a property? If not, a violation is the bench's mistake. */
export function isKillable(mutant: Mutant): boolean {
  return mutant.legal === undefined && mutant.survivor === undefined;
}

/** How an implementation made of this mutant is called in replay lines and traces. */
export function implementationId(mutant: Pick<Mutant, 'id'>): string {
  return `mutant:${mutant.id}`;
}
