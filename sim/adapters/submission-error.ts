/** A submission does not build or start: its own fault, in one sentence for its author. */
export class SubmissionError extends Error {
  override readonly name = 'SubmissionError';
}
