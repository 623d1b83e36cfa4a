/**
 * What the documentation shows of the terminal is what the program prints: every `console` block is
 * run. `…` stands for any lines. Numbers that depend on the machine, or on all of the plans
 * together, are not compared.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whitewater } from '../cli/whitewater.ts';
import { blocksOf, PAGES, REPOSITORY, read } from './documents.ts';

interface Capture {
  readonly page: string;
  readonly command: string;
  readonly lines: readonly string[];
}

/** Long enough for a thousand seeds on a busy machine. */
const TIMEOUT_MS = 180_000;

/** A folder like the one that the reader sits in, with the files that the text speaks of. */
const cwd = mkdtempSync(join(tmpdir(), 'whitewater-docs-'));
symlinkSync(join(REPOSITORY, 'examples'), join(cwd, 'examples'));
writeFileSync(join(cwd, 'early-vote.ts'), earlyVote());
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const captures = PAGES.flatMap(capturesOf);

describe('captures', () => {
  it('are there', () => {
    expect(captures.length).toBeGreaterThan(3);
    expect(existsSync(join(cwd, 'examples/minimal-raft.ts'))).toBe(true);
  });

  it.each(captures)('$page: $command', { timeout: TIMEOUT_MS }, async ({ command, lines }) => {
    const { stdout, stderr } = await whitewater(argumentsOf(command), { cwd });
    const printed = `${stderr}${stdout}`.trimEnd().split('\n').filter(isLasting);
    const shown = lines.filter(isLasting).map(lasting);
    expect(showing(printed.map(lasting), shown)).toEqual(shown);
  });
});

/** A block may hold several commands, each with what it prints below it. */
function capturesOf(page: string): Capture[] {
  const found: { page: string; command: string; lines: string[] }[] = [];
  for (const { language, text } of blocksOf(page)) {
    if (language !== 'console') continue;
    for (const line of text.split('\n')) {
      if (line.startsWith('$ ')) found.push({ page, command: line.slice(2), lines: [] });
      else found.at(-1)!.lines.push(line);
    }
  }
  return found;
}

/** `npm start` stands for what package.json makes of it. */
function argumentsOf(command: string): string[] {
  const { start } = (JSON.parse(read('package.json')) as { scripts: { start: string } }).scripts;
  const line = command.replace(
    /^npm start$/,
    start.replace(/^.* dist\/cli\/main\.js/, 'npx whitewater'),
  );
  const [npx, name, ...words] = line.split(' ');
  expect([npx, name]).toEqual(['npx', 'whitewater']);
  return words;
}

/** Progress depends on the machine. */
function isLasting(line: string): boolean {
  return !/ seeds, [\d,]+ events|^shrinking seed /.test(line);
}

const ROWS =
  /^(events|events\/s|virtual time|leaders|committed|faults|situations|excused|verified|digest|Never reached:) .*$/;

function lasting(line: string): string {
  return line.replace(ROWS, '$1 #').trimEnd();
}

/**
 * What was printed, with gaps where the capture has them: equal to the capture when all its lines
 * were printed, in order and without others between them. Otherwise everything that was printed.
 */
function showing(printed: readonly string[], shown: readonly string[]): readonly string[] {
  const parts = shown
    .join('\n')
    .split(/^…$/m)
    .map((part) => part.replaceAll(/^\n|\n$/g, ''));
  const text = `\n${printed.join('\n')}\n`;
  let place = 0;
  for (const [i, part] of parts.entries()) {
    if (part === '') continue;
    const found = text.indexOf(`\n${part}\n`, place);
    const isAtStart = i > 0 || found === 0;
    const end = found + part.length + 1;
    const isAtEnd = i < parts.length - 1 || end === text.length - 1;
    if (found < 0 || !isAtStart || !isAtEnd) return printed;
    place = end;
  }
  return shown;
}

/** The minimal Raft, but that it grants its vote before the vote is safe. */
function earlyVote(): string {
  const text = readFileSync(join(REPOSITORY, 'examples/minimal-raft.ts'), 'utf8');
  const careful = 'this.whenSafe(out, (later) => later.send(candidateId, answer));';
  expect(text).toContain(careful);
  return text
    .replace(careful, 'out.send(candidateId, answer);')
    .replace('../core/', `${REPOSITORY}/core/`);
}
