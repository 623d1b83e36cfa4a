/** `whitewater init`: a folder to begin a Raft in. Nothing that is there is overwritten. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { show, UsageError } from '../../sim/usage-error.ts';
import { ExitCode } from '../exit-code.ts';
import type { Arguments } from '../options.ts';
import { OutputError } from '../output-error.ts';
import { packageVersion } from '../package-version.ts';
import { nameOf, textOf } from '../parse.ts';
import { starterFiles } from '../starter-files.ts';
import { STARTERS, type Starter } from '../starters.ts';
import type { Terminal } from '../terminal.ts';
import { reasonOf } from '../writable.ts';

export async function initCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const languages = [...new Set(STARTERS.map(({ language }) => language))];
  const wanted = textOf('the language', args.target)!;
  const language = nameOf(`one of ${languages.join(', ')}`, wanted, languages);
  const starters = STARTERS.filter((one) => one.language === language);
  const shape = shapeOf(starters, textOf('--shape', args.shape) ?? 'event');
  const starter = starters.find(({ shapes }) => shape in shapes)!;
  const folder = textOf('the folder', args.folder) ?? 'raft';
  const files = starterFiles(starter, shape, `whitewater@${packageVersion()}`);
  if (files === null) {
    throw new UsageError(
      `This version has no starter for ${starter.title} of shape ${show(shape)}.`,
    );
  }
  refuseWhatIsThere(folder, [...files.keys()]);
  write(folder, files);
  const next = [...(resolve(folder) === process.cwd() ? [] : [`cd ${folder}`])];
  next.push('npx whitewater grade . --next');
  for (const path of files.keys()) terminal.print(join(folder, path));
  terminal.print(`\nYour Raft is ${join(folder, starter.main)}. Next:\n\n    ${next.join(' && ')}`);
  terminal.printJson({ folder, files: [...files.keys()], next: next.join(' && ') });
  return ExitCode.ok;
}

function shapeOf(starters: readonly Starter[], wanted: string): string {
  const names = starters.flatMap(({ shapes }) => Object.keys(shapes));
  if (names.length > 1) return nameOf(`a shape (${names.join(', ')})`, wanted, names);
  if (names.includes(wanted)) return wanted;
  throw new UsageError(
    `Expected no --shape: the starter for ${starters[0]!.title} has one shape only.`,
  );
}

function refuseWhatIsThere(folder: string, paths: readonly string[]): void {
  const there = paths.filter((path) => existsSync(join(folder, path)));
  if (there.length === 0) return;
  const more = there.length > 3 ? ` and ${there.length - 3} more` : '';
  throw new UsageError(
    `Nothing is overwritten, and ${show(folder)} already has ${there.slice(0, 3).join(', ')}${more}.`,
  );
}

function write(folder: string, files: ReadonlyMap<string, string>): void {
  try {
    for (const [path, text] of files) {
      const place = join(folder, path);
      mkdirSync(dirname(place), { recursive: true });
      // Somebody may have been quicker.
      writeFileSync(place, text, { flag: 'wx' });
    }
  } catch (error) {
    throw new OutputError(`Cannot write the starter: ${reasonOf(error)}.`);
  }
}
