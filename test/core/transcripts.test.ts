/**
 * Runs told as text, in transcripts/*.txt: a command or a few, a line of dashes, and what the
 * servers do. UPDATE_TRANSCRIPTS=1 writes what they do now: read the difference before it is
 * committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Storyteller } from './storyteller.ts';

const folder = new URL('./transcripts/', import.meta.url);
const dashes = '----';

/** Plays every block of a transcript; comments and blank lines stay where they are. */
function play(text: string): string {
  const storyteller = new Storyteller();
  const told: string[] = [];
  let isExpectation = false;
  let commands: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') isExpectation = false;
    if (isExpectation) continue;
    told.push(line);
    if (line === dashes) {
      told.push(...commands.flatMap((command) => storyteller.tell(command)));
      commands = [];
      isExpectation = true;
    } else if (line !== '' && !line.startsWith('#')) commands.push(line);
  }
  expect(commands, 'commands without a line of dashes').toEqual([]);
  return told.join('\n');
}

describe('transcripts', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

  it.each(files.sort())('%s', (name) => {
    const file = new URL(name, folder);
    const text = readFileSync(file, 'utf8');
    const told = play(text);
    if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(file, told);
    else expect(told).toBe(text);
  });

  it('exist', () => {
    expect(files.length).toBeGreaterThan(0);
  });
});
