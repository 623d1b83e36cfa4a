import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SubmissionError } from '../../../sim/adapters/submission-error.ts';
import { type BuildOptions, build } from '../../../sim/grading/build-step.ts';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ww-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function built(script: string, options: Partial<BuildOptions> = {}): Promise<string> {
  let printed = '';
  const onPrint = (text: string): void => {
    printed += text;
  };
  const all: BuildOptions = { limitMs: 20_000, user: null, signal: null, onPrint, ...options };
  return build([process.execPath, '-e', script], folder, all).then(
    () => printed,
    (error: Error) => {
      expect(error).toBeInstanceOf(SubmissionError);
      return error.message;
    },
  );
}

const CHILD =
  "require('child_process').spawn('sleep', ['30'], {detached: true, stdio: 'inherit'});";

describe('the build of a submission', () => {
  test('sees no secret of the environment, and what compilers need', async () => {
    process.env['WW_TOKEN'] = 'the-secret';
    const printed = await built('console.log(JSON.stringify(process.env))');
    delete process.env['WW_TOKEN'];
    expect(printed).not.toContain('the-secret');
    expect(JSON.parse(printed)).toHaveProperty('PATH');
  });

  test('ends when its time is over, or nobody wants it any longer', async () => {
    const late = await built('console.log("a.c:3: error: x"); setInterval(() => {}, 9)', {
      limitMs: 700,
    });
    expect(late).toMatch(/^The build takes longer than 0.7 s: /);
    const signal = AbortSignal.timeout(300);
    expect(await built('setInterval(() => {}, 9)', { signal })).toMatch(/^The build was interr/);
  });

  test('may not wait for children in sessions of their own', async () => {
    const began = performance.now();
    await built(`${CHILD} process.exit(0)`);
    expect(await built(`${CHILD} process.exit(3)`)).toMatch(/^The build fails \(exit code 3\): /);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test('may print without end, of which the beginning is kept', async () => {
    const flood =
      'const s = "x".repeat(1e5) + "\\n"; for (let i = 0; i < 100; i++) process.stdout.write(s)';
    const printed = await built(flood);
    expect(printed.length).toBeGreaterThan(900_000);
    expect(printed.length).toBeLessThan(1_200_000);
  });
});
