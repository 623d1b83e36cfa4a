/**
 * The process of a submitted module: reads events from stdin, answers on stdout, and ends at the end
 * of its input. It is bundled together with the module; nothing here judges.
 */
import { readSync, writeSync } from 'node:fs';

interface SubmittedServer {
  handle(event: unknown): unknown;
  readonly capabilities?: unknown;
  readonly name?: unknown;
}

interface SubmittedModule {
  readonly createServer?: () => SubmittedServer;
  readonly default?: SubmittedModule;
  readonly capabilities?: unknown;
  readonly name?: unknown;
}

/** Returns at end of input. What the module prints goes to stderr, which is its log. */
export function serveModule(exported: SubmittedModule): void {
  printToStderr();
  const { stringify, parse } = JSON;
  const module = exported.createServer === undefined ? (exported.default ?? exported) : exported;
  let server: SubmittedServer | null = null;
  const say = (value: unknown): void => writeAll(`${stringify(value)}\n`);
  for (const line of linesOf(0)) {
    const { n, ...event } = parse(line) as { readonly n: number; readonly kind: string };
    try {
      if (event.kind === 'hello') {
        say(ready(module));
        continue;
      }
      if (event.kind === 'start') server = newServer(module);
      say({ done: n, actions: server!.handle(event) });
    } catch (error) {
      say({ done: n, error: errorWords(error) });
    }
  }
}

/** Only the protocol may write to stdout. */
function printToStderr(): void {
  const { console } = globalThis;
  for (const name of ['log', 'info', 'debug'] as const) console[name] = console.error;
}

function ready(module: SubmittedModule): object {
  const first = newServer(module);
  const capabilities = first.capabilities ?? module.capabilities ?? {};
  return { ready: 1, name: first.name ?? module.name ?? '', capabilities };
}

function newServer({ createServer }: SubmittedModule): SubmittedServer {
  if (typeof createServer !== 'function') {
    throw new TypeError('the module must export a function createServer');
  }
  return createServer();
}

function* linesOf(fd: number): Generator<string> {
  const chunk = Buffer.allocUnsafe(64 * 1024);
  let rest = Buffer.alloc(0);
  for (;;) {
    const count = readSync(fd, chunk, 0, chunk.length, null);
    if (count === 0) return;
    rest = Buffer.concat([rest, chunk.subarray(0, count)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
    }
  }
}

function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}

/** "TypeError: x is not a function (raft.ts:41)" */
function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frame = /([^\s(/]+:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1];
  return `${error.name}: ${error.message}${frame === undefined ? '' : ` (${frame})`}`;
}
