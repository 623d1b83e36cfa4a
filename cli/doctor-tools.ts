/** Which tool chains this machine has: programs that print their version. */
import { spawnSync } from 'node:child_process';
import type { Finding } from './finding.ts';

const TOOLS: readonly { readonly name: string; readonly commands: readonly string[][] }[] = [
  {
    name: 'Python',
    commands: [
      ['python3', '--version'],
      ['python', '--version'],
      ['py', '-3', '--version'],
    ],
  },
  { name: 'Go', commands: [['go', 'version']] },
];

const NODE_MIN: readonly [number, number] = [20, 19];
const TOOL_MS = 10_000;

export function toolFindings(): Finding[] {
  return [nodeFinding(process.versions.node), ...TOOLS.map(toolFinding)];
}

export function nodeFinding(version: string): Finding {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const isNew = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (isNew) return { state: 'right', what: `Node ${version}`, advice: null };
  const advice = `Whitewater needs Node ${NODE_MIN.join('.')} or newer: https://nodejs.org`;
  return { state: 'wrong', what: `Node ${version}`, advice };
}

function toolFinding({ name, commands }: (typeof TOOLS)[number]): Finding {
  for (const [program, ...words] of commands) {
    const { status, stdout } = spawnSync(program!, words, { encoding: 'utf8', timeout: TOOL_MS });
    const version = /[0-9]+\.[0-9]+(\.[0-9]+)?/.exec(stdout ?? '')?.[0];
    if (status === 0 && version !== undefined) {
      return { state: 'right', what: `${name} ${version} (${program})`, advice: null };
    }
  }
  return {
    state: 'absent',
    what: `${name}: not found; only submissions in it need it`,
    advice: null,
  };
}
