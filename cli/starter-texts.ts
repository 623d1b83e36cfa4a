/** The texts that `whitewater init` writes around a starter. */
import type { Starter } from './starters.ts';

export function readmeOf({ title, main, kit }: Starter): string {
  return `# A Raft in ${title}

Your Raft is \`${main}\`; Figure 2 of the paper (https://raft.github.io/raft.pdf) is all it has to do.
\`${kit[0]}\` is the kit: it speaks with the bench, and you need not change it.

    npx whitewater doctor .          can the bench build and start it?
    npx whitewater grade . --next    the next test that fails, with the reason
    npx whitewater grade .           all tests

Whitewater runs one to seven copies of your program in a simulated network: it loses, delays and
repeats messages, stops servers at the worst moment, and starts them again from what was on disk.
Everything repeats exactly, so a test that fails, fails again until it is mended.

- The clock, chance and the disk are the bench's: no time, no random numbers, no files, no sockets.
- What you print goes to the log of the run.
- What your program can do stands in \`capabilities\`. What is not there is not tested, and earns nothing.

A good order: stand for election, vote, lead (heartbeats); append, commit, apply; put on disk what
Figure 2 calls persistent; snapshots.
`;
}

export function ignoredNames({ leftovers }: Starter): string {
  return `${[...leftovers, '.whitewater/'].join('\n')}\n`;
}

/** Red only when the bench cannot run it: points are shown, and are no reason for a red cross. */
export function workflowOf({ toolSteps }: Starter, bench: string): string {
  const tools = toolSteps
    .map((line, i) => `${i === 0 ? '      - ' : '        '}${line}\n`)
    .join('');
  return `name: raft
on: [push]
jobs:
  grade:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
${tools}      # --threshold 60 makes this red below 60 of 100 points.
      - run: npx --yes ${bench} grade . --threshold 0 --reporter markdown=$GITHUB_STEP_SUMMARY
`;
}
