/** What a rule of Figure 2 demands of one step, and what is said of a step that breaks it. */
import type { NodeId } from '../../core/messages.ts';

export interface Rule {
  /** Kebab-case. */
  readonly id: string;
  /** Where the rule stands: the paper (§) with the box of Figure 2, the thesis, or the contract. */
  readonly section: string;
  /** What the rule demands. */
  readonly sentence: string;
  /** What can go wrong without it: one sentence. */
  readonly reason: string;
}

/** A step that no rule of Raft allows: diagnosis, never a verdict. */
export interface WrongAction {
  /** Id of the rule. */
  readonly rule: string;
  readonly section: string;
  /** The server that acted, or failed to. */
  readonly node: NodeId;
  /** The steps of a run are numbered from 1. */
  readonly step: number;
  readonly atUs: number;
  /**
   * What it did, with values, without the subject and the full stop: "granted a vote to S2 whose
   * last entry (index 3, term 2) is behind its own (index 4, term 3)".
   */
  readonly sentence: string;
}
