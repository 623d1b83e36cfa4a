/** The reference, with something in it that is no part of its events: the bench must name it. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderWith, REPOSITORY, whitewater, whitewaterJson } from './whitewater.ts';

/** `extra` makes election timeouts longer by some milliseconds; it is on line 8. */
const planted = (top: string, extra: string, onEvent = ''): string => `
import { createServer as make } from '${REPOSITORY}/core/raft-server.ts';
${top}
export function createServer() {
  const inner = make();
  const own = { late: 0 };
  function extraMs() {
    return ${extra};
  }
  return { step(event, out) {
    ${onEvent}
    inner.step(event, new Proxy(out, { get: (target, name) => name === 'setTimer'
      ? (timer, min, max) => target.setTimer(timer, min, max + extraMs())
      : target[name].bind(target) }));
  } };
}`;

interface Planted {
  readonly name: string;
  readonly text: string;
  /** What has to stand in the report. */
  readonly named: RegExp;
}

const CLOCK = 'It reads a clock or draws a random number: it calls ';
const at = (name: string) => ` in extraMs \\(${name}\\.ts:8\\)\\.$`;
const isFirst = 'event.kind === "start" && event.self === 1 && event.boot === 0';

/** What else is watched: test/sim/traps.test.ts. */
const CLOCKS: readonly Planted[] = [
  { name: 'date-now', extra: 'Date.now() % 9', call: 'Date\\.now' },
  {
    name: 'random-int',
    top: `import { randomInt } from 'node:crypto';`,
    extra: 'randomInt(9)',
    call: 'crypto\\.randomInt',
  },
].map(({ name, top = '', extra, call }) => {
  return { name, text: planted(top, extra), named: new RegExp(`${CLOCK}${call}${at(name)}`, 'm') };
});

const ENVIRONMENT = 'It depends on its process: variables, locale, time zone or id';
const OTHERS: readonly Planted[] = [
  {
    name: 'variable',
    text: planted('', 'Number(process.env.PLANTED ?? 0)'),
    named: new RegExp(`${ENVIRONMENT}: it calls process\\.env\\.PLANTED${at('variable')}`, 'm'),
  },
  {
    name: 'process-id',
    text: planted('', 'process.pid % 97'),
    named: new RegExp(`${ENVIRONMENT}: it calls process\\.pid${at('process-id')}`, 'm'),
  },
  {
    name: 'time-zone',
    text: planted('', 'new Date(0).getHours() * 60 + new Date(0).getMinutes()'),
    named: new RegExp(`${ENVIRONMENT}\\.$`, 'm'),
  },
  {
    name: 'earlier-life',
    text: planted(
      'const lives = new Map<number, number>();',
      'lives.get(own.self)',
      `if (event.kind === 'start') {
        own.self = event.self;
        lives.set(own.self, event.boot === 0 ? 0 : lives.get(own.self) + 1);
      }`,
    ),
    named: /A variable of the module outlives a crash: perhaps lives \(earlier-life\.ts:3\)\.$/m,
  },
  {
    name: 'other-servers',
    text: planted('let events = 0;', 'events % 9', `events = ${isFirst} ? 0 : events + 1;`),
    named: /Servers share a variable of the module: perhaps events \(other-servers\.ts:3\)\.$/m,
  },
  {
    name: 'object-identity',
    text: planted(
      'const ids = new WeakMap<object, number>(); let next = 0;',
      'ids.get(own) % 9',
      `if (${isFirst}) next = 0; if (!ids.has(own)) { next += 1; ids.set(own, next); }`,
    ),
    named: /Servers share a variable of the module: perhaps ids \(object-identity\.ts:3\)\.$/m,
  },
  {
    name: 'global',
    text: planted('', 'own.nth', `own.nth ??= globalThis.lives = (globalThis.lives ?? 0) + 1;`),
    named: /(Servers share a variable|A variable) of the module.*: perhaps lives \(global\.ts:/m,
  },
  {
    name: 'promises',
    text: planted('', 'own.late % 9', 'Promise.resolve().then(() => { own.late += 1; });'),
    named:
      /It leaves work to a promise or a timer, .*: it calls Promise\.then in step \(promises\.ts:11\)\.$/m,
  },
  {
    name: 'file',
    text: planted(
      `import { appendFileSync, readFileSync } from 'node:fs';`,
      `readFileSync('counter', 'utf8').length % 9`,
      `appendFileSync('counter', '.');`,
    ),
    named: /It reads a clock or draws a random number: it calls fs\.\w+ in \w+ \(file\.ts:/m,
  },
];

const PLANTED = [...CLOCKS, ...OTHERS];
/** The first two leaders crash and start again: there are lives to tell apart. */
const PLAN = `
cluster: { size: 3 }
workload: { clients: 2 }
phases: { chaosUs: 2000000 }
faults:
  - when: { on: commit, nth: 4 }
    what: { do: crash, restartUs: 200000 }
  - when: { on: commit, nth: 8 }
    what: { do: crash, restartUs: 200000 }
`;

const EARLIER_RUN = planted(
  'let runs = 0;',
  'own.run',
  `runs += ${isFirst} ? 1 : 0; own.run ??= runs;`,
);
const texts = PLANTED.map(({ name, text }) => [`${name}.ts`, text] as const);
const folder = folderWith({
  ...Object.fromEntries(texts),
  'dice.ts': planted('', 'Math.floor(Math.random() * 9)'),
  'earlier-run.ts': EARLIER_RUN,
  'plan.yaml': PLAN,
});
const cwd = folder.path;
afterAll(folder.remove);
const env = { PLANTED: '7' };

interface Replay {
  readonly isolation: {
    readonly finding: null | {
      readonly why: string;
      readonly node: number;
      readonly cause: string;
    };
  };
}

interface Campaign {
  readonly violations: readonly { readonly kind: string; readonly detail: string }[];
  readonly isolated: number;
}

const campaign = (...args: string[]) => {
  const quick = ['--no-corpus', '--no-shrink', ...args];
  return whitewaterJson<Campaign>(['campaign', ...quick], { cwd, env });
};

describe('hidden input of an implementation is found, and named', () => {
  it.concurrent.each(PLANTED)('$name', { timeout: 240_000 }, async ({ name, named }) => {
    const args = ['replay', 'plan.yaml', '--isolated', 'all', '--sut', `${name}.ts`];
    const { code, value } = await whitewaterJson<Replay>(args, { cwd, env });
    expect(value.isolation.finding?.why).toMatch(named);
    expect(code).toBe(1);
  });
});

describe('a campaign of a foreign implementation', () => {
  const found = async (name: string): Promise<string> => {
    const { code, value } = await campaign('--seeds', '2', '--sut', `${name}.ts`);
    expect(code).toBe(1);
    return value.violations.find(({ kind }) => kind === 'nondeterminism')!.detail;
  };

  it('names what differs in two runs, and the call', async () => {
    expect(await found('dice')).toMatch(
      /^The implementation is nondeterministic: The runs part at event \d+ \(\d+\.\d+ ms\): S(\d) sets election timer \S+ ms in one, S\1 sets election timer \S+ ms in the other\. It reads a clock or draws a random number: it calls Math\.random in extraMs \(dice\.ts:8\)\.$/,
    );
  });

  it('finds what is equal in two runs', async () => {
    expect(await found('other-servers')).toMatch(
      /^The implementation is nondeterministic: Fed alone with the same events, S3 acts otherwise at event 3 \(starts\): it sets election timer \S+ ms; in the run it sets election timer \S+ ms\. Servers share a variable of the module: perhaps events \(other-servers\.ts:3\)\.$/,
    );
  });

  it('tells the memory of an earlier run from that of other servers', async () => {
    expect(await found('earlier-run')).toMatch(
      /A variable of the module outlives the run: perhaps runs \(earlier-run\.ts:3\)\.$/,
    );
  });

  it('is silent about one that is what the contract asks for', async () => {
    const minimal = join(REPOSITORY, 'examples/minimal-raft.ts');
    const { code, value } = await campaign('--seeds', '3', '--verify', 'all', '--sut', minimal);
    expect(value).toMatchObject({ violations: [], isolated: 3 });
    expect(code).toBe(0);
  });
});

describe('servers fed alone', () => {
  it.each(['1', 'all'])('did the same: replay --isolated %s', async (servers) => {
    const args = ['replay', 'plan.yaml', '--isolated', servers, '--mutant', 'truncate-on-every-ae'];
    const { stdout } = await whitewater(args, { cwd });
    const who = servers === 'all' ? 'the servers' : 'S1';
    const sentence = `^Fed alone with the same [0-9,]+ events, ${who} did the same\\.$`;
    expect(stdout).toMatch(new RegExp(sentence, 'm'));
  });

  it('are the ones that were asked for', async () => {
    const args = ['replay', 'plan.yaml', '--isolated', '3', '--sut', 'process-id.ts'];
    const { value } = await whitewaterJson<Replay>(args, { cwd });
    expect(value.isolation.finding).toMatchObject({ cause: 'environment', node: 3 });
  });
});
