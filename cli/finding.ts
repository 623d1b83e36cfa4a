/** One thing that `whitewater doctor` has looked at. */
export interface Finding {
  /** absent: not there, which may be right. */
  readonly state: 'right' | 'wrong' | 'absent';
  /** One sentence. */
  readonly what: string;
  /** What to do, or what came instead; null when there is nothing to say. */
  readonly advice: string | null;
}
