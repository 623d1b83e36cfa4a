/**
 * What was to be put on the bench does not get there: it does not build, load or start. Nobody was
 * put to the test; exit code 3. The message is one sentence for the user.
 */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly exitCode = 3;
}
