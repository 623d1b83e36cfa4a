/** What was asked for was done, but cannot be written: one sentence for the user, exit code 3. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}
