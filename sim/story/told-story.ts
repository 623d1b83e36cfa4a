/** A story as data: what `tellStory` makes, and views show. */
import type { WrongAction } from '../../invariants/conformance/rule.ts';

export interface Story {
  /** Id of the property that broke first; null: the run failed otherwise, or not at all. */
  readonly property: string | null;
  /** Null: no rule of Figure 2 names a wrong action, or the bodies of the messages are not known. */
  readonly firstWrong: WrongAction | null;
  /** In the order of the run. */
  readonly lines: readonly StoryLine[];
}

export interface StoryLine {
  /**
   * - event: something happened. wrong: a wrong action. rule, reason: what the rule demands, and why.
   * - broken: the failure.
   */
  readonly kind: 'event' | 'wrong' | 'rule' | 'reason' | 'broken';
  /** 0 for a line without a place in the run. */
  readonly step: number;
  readonly atUs: number;
  /** One sentence, with its full stop. */
  readonly text: string;
}
