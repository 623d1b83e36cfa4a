// A program that does what its argument says, for the tests of the host. It is no Raft.
import { spawn } from 'node:child_process';
import { readSync, writeSync } from 'node:fs';

const mood = process.argv[2];
const chunk = Buffer.alloc(65536);
let rest = '';
let starts = 0;

const say = (text) => writeSync(1, `${text}\n`);
const done = (n, actions = []) => say(JSON.stringify({ done: n, actions }));

/** A child in a session of its own, which has our pipes. */
function leaveBehind(script = 'setInterval(() => {}, 1000)') {
  return spawn(process.execPath, ['-e', script], { detached: true, stdio: 'inherit' }).pid;
}

const FLOOD = `for (;;) require('fs').writeSync(1, 'x'.repeat(100) + String.fromCharCode(10))`;

const MOODS = {
  good: (n) => done(n, [{ kind: 'note', note: { n, starts, pid: process.pid } }]),
  silent: () => {},
  exits: () => process.exit(3),
  throws: () => null.field,
  killed: () => process.kill(process.pid, 'SIGTERM'),
  cut: () => say('{"done":2,"actions":['),
  wrongNumber: () => done(7),
  answersError: (n) => say(JSON.stringify({ done: n, error: 'TypeError: no (raft.py:41)' })),
  wrongField: (n) => {
    for (let i = 1; i <= 30; i += 1) say(`log ${i}`);
    done(n, [
      { kind: 'cancelTimer', name: 'a' },
      { kind: 'setTimer', name: 'b', minMS: 5 },
    ]);
  },
  many: (n) => done(n, Array(10_001).fill({ kind: 'cancelTimer', name: 'a' })),
  windows: (n) => say(`{"done":${n},"actions":[]}\r`),
  kills: () => process.kill(process.pid, 'SIGKILL'),
  environment: (n) => done(n, [{ kind: 'note', note: { ...process.env } }]),
  tooLong: () => writeSync(1, `{${' '.repeat(16 * 1024 * 1024)}`),
  spins: () => {
    for (;;);
  },
  noEnd: (n) => writeSync(1, `{"done":${n},"actions":[]}`),
  shouts: () => {
    for (;;) writeSync(2, 'e'.repeat(10_000));
  },
  chatters: () => {
    for (;;) say('still here');
  },
  complains: (n) => {
    for (let i = 0; i < 2_000; i += 1) writeSync(2, `${'e'.repeat(1_000)}\n`);
    done(n);
  },
  ahead: (n) => {
    done(n);
    done(n + 2);
  },
  leaves: (n) => done(n, [{ kind: 'note', note: leaveBehind() }]),
  hides: () => {
    leaveBehind();
    process.exit(0);
  },
  hidesAndFloods: () => {
    leaveBehind(FLOOD);
    process.exit(0);
  },
  long: (n) => done(n, [{ kind: 'note', note: 'ä'.repeat(200_000) }]),
};

function answer(event) {
  if (event.kind === 'hello') {
    if (mood === 'otherVersion') return say('{"ready":3}');
    const claims = mood === 'changes' && process.pid % 2 === 0;
    return say(JSON.stringify({ ready: 1, name: mood, capabilities: { reset: true, claims } }));
  }
  if (event.kind === 'start') starts += 1;
  return (MOODS[mood] ?? MOODS.good)(event.n);
}

for (;;) {
  const count = readSync(0, chunk, 0, chunk.length, null);
  if (count === 0) break;
  rest += chunk.toString('utf8', 0, count);
  for (;;) {
    const end = rest.indexOf('\n');
    if (end < 0) break;
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    answer(JSON.parse(line));
  }
}
