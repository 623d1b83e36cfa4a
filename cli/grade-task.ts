/** What the workers of a grading are asked, and what they answer. */
import type { ProgramSpec } from '../scenarios/implementations.ts';
import type { RunGrade } from '../sim/grading/run-grade.ts';
import type { Plan } from '../sim/kernel/plan.ts';
import type { Ready } from '../sim/protocol/capabilities.ts';
import type { FailureKind } from '../sim/protocol/program.ts';
import type { ProgramStory } from '../sim/story/programs/program-story.ts';

export interface GradeWorkerData {
  readonly spec: ProgramSpec;
  readonly suite: string;
}

export type GradeTask =
  /** Starts the program, and asks what it can do. */
  | { readonly kind: 'greet' }
  | {
      readonly kind: 'run';
      readonly testId: string;
      readonly i: number;
      readonly seed: string;
      readonly isHidden: boolean;
      readonly limitMs: number;
      /** Every life has a process of its own. */
      readonly isAudit: boolean;
    }
  /** Shrinks a failing run for so long, and tells its story. */
  | {
      readonly kind: 'case';
      readonly testId: string;
      readonly seed: string;
      readonly isHidden: boolean;
      readonly budgetMs: number;
    };

export interface ShrunkCase {
  readonly plan: Plan;
  readonly eventsBefore: number;
  readonly events: number;
  readonly isShrunk: boolean;
  /** null where nothing broke. */
  readonly story: ProgramStory | null;
}

export type GradeReply =
  | { readonly kind: 'ready'; readonly ready: Ready }
  /** The program does not start, or not as the protocol wants it. */
  | {
      readonly kind: 'failed';
      readonly failure: FailureKind;
      readonly message: string;
      readonly log: readonly string[];
    }
  | { readonly kind: 'run'; readonly grade: RunGrade }
  | { readonly kind: 'case'; readonly shrunk: ShrunkCase }
  /** Our own fault. */
  | { readonly kind: 'bench'; readonly message: string; readonly stack: string | null };
