/**
 * Names what code under test reads beside its events: clocks, chance, the environment, files. Set in
 * a worker that makes one run for the sake of the explanation; a verdict never comes from here.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import type { CreateServer, Outbox, Server, ServerEvent } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';

export type Source = 'clock' | 'chance' | 'environment' | 'file' | 'later';

/** A call that a server made while it took an event, or 0, 0 while the module was loaded. */
export interface Sighting {
  readonly source: Source;
  /** As the code names it: "Math.random". */
  readonly what: string;
  /** The innermost function of the module, where known. */
  readonly caller: string;
  /** Place in the bundled code, from 1; 0 when it is not known. */
  readonly line: number;
  readonly column: number;
  readonly node: NodeId;
  /** Number of the event in the run, from 1. */
  readonly place: number;
}

const SIGHTINGS_MAX = 1000;
const FRAMES_MAX = 20;

/** One for each worker: what it replaces stays replaced. */
export class Traps {
  readonly sightings: Sighting[] = [];
  private isInside = false;
  private node: NodeId = 0;
  private place = 0;

  /** While `act` runs, calls are the module's. */
  async whileLoading<T>(act: () => Promise<T>): Promise<T> {
    this.isInside = true;
    try {
      return await act();
    } finally {
      this.isInside = false;
    }
  }

  /** Only what was seen while the module was loaded, and from now on, counts. */
  beginRun(): void {
    const whileLoading = this.sightings.filter(({ place }) => place === 0);
    this.sightings.splice(0, this.sightings.length, ...whileLoading);
    this.place = 0;
  }

  /** The same servers, but what they read is noted. */
  watched(createServer: CreateServer): CreateServer {
    return () => {
      this.node = 0;
      const server = this.within(createServer);
      return new TrappedServer(server, (node, act) => {
        this.node = node;
        this.place += 1;
        this.within(act);
      });
    };
  }

  private within<T>(act: () => T): T {
    this.isInside = true;
    try {
      return act();
    } finally {
      this.isInside = false;
    }
  }

  /** Replaces everything that is watched. Call once, before the module is loaded. */
  set(): void {
    this.replace('chance', 'Math', Math, ['random']);
    this.replace('clock', 'Date', Date, ['now']);
    this.replaceDate();
    this.replace('clock', 'performance', performance, ['now']);
    this.replace('clock', 'process', process, ['hrtime', 'uptime', 'cpuUsage', 'memoryUsage']);
    this.replace('chance', 'crypto', crypto, CRYPTO);
    const web = Object.getPrototypeOf(globalThis.crypto) as object;
    this.replace('chance', 'crypto', web, ['getRandomValues', 'randomUUID']);
    this.replace('environment', 'os', os, OS);
    this.replace('environment', 'process', process, ['cwd']);
    this.replaceEnvironment();
    this.replace('file', 'fs', fs, FS);
    this.replace('later', 'globalThis', globalThis, LATER);
    this.replace('later', 'process', process, ['nextTick']);
    this.replace('later', 'Promise', Promise.prototype, ['then']);
    syncBuiltinESMExports();
  }

  private replace(source: Source, owner: string, object: object, names: readonly string[]): void {
    for (const name of names) {
      const original = (object as Record<string, unknown>)[name];
      if (typeof original !== 'function' || !isReplaceable(object, name)) continue;
      const note = (): void =>
        this.note(source, owner === 'globalThis' ? name : `${owner}.${name}`);
      const replaced = new Proxy(original, {
        apply: (target, self, args) => {
          note();
          return Reflect.apply(target, self, args);
        },
        // process.hrtime.bigint
        get: (target, key) => {
          if (key === 'bigint') note();
          return Reflect.get(target, key);
        },
      });
      Object.defineProperty(object, name, { value: replaced, configurable: true, writable: true });
    }
  }

  /** `new Date()` reads the clock, `new Date(0)` does not. */
  private replaceDate(): void {
    const note = (): void => this.note('clock', 'new Date');
    globalThis.Date = new Proxy(Date, {
      construct: (target, args, newTarget) => {
        if (args.length === 0) note();
        return Reflect.construct(target, args, newTarget);
      },
      apply: (target, self, args) => {
        note();
        return Reflect.apply(target, self, args);
      },
    });
  }

  private replaceEnvironment(): void {
    const note = (key: string | symbol): void => {
      if (typeof key === 'string') this.note('environment', `process.env.${key}`);
    };
    process.env = new Proxy(process.env, {
      get: (target, key) => {
        note(key);
        return Reflect.get(target, key);
      },
      has: (target, key) => {
        note(key);
        return Reflect.has(target, key);
      },
    });
    const { pid } = process;
    Object.defineProperty(process, 'pid', {
      configurable: true,
      get: () => {
        this.note('environment', 'process.pid');
        return pid;
      },
    });
  }

  private note(source: Source, what: string): void {
    if (!this.isInside || this.sightings.length >= SIGHTINGS_MAX) return;
    // What is looked at here is not looked at by the module.
    this.isInside = false;
    const caller = callerInModule();
    const { node, place } = this;
    if (caller !== null) this.sightings.push({ source, what, ...caller, node, place });
    this.isInside = true;
  }
}

/** null: it was not the module that called. */
function callerInModule(): Pick<Sighting, 'caller' | 'line' | 'column'> | null {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES_MAX;
  // As text, a stack would hold the whole module in each line: its address is its code.
  Error.prepareStackTrace = (_, sites) => sites;
  const sites = new Error().stack as unknown as readonly NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  const site = sites.find((one) => one.getFileName()?.startsWith('data:text/javascript'));
  if (site === undefined) return null;
  const caller = site.getFunctionName() ?? '';
  return { caller, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 };
}

/** A few names of Node's own are fixed, and only lead to others that are not. */
function isReplaceable(object: object, name: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(object, name);
  return descriptor === undefined || descriptor.configurable === true;
}

const CRYPTO = ['randomBytes', 'randomInt', 'randomUUID', 'randomFillSync'];
const OS = ['hostname', 'uptime', 'freemem', 'loadavg', 'cpus', 'networkInterfaces', 'userInfo'];
const FS = [
  'readFileSync',
  'writeFileSync',
  'appendFileSync',
  'existsSync',
  'openSync',
  'statSync',
];
const LATER = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

class TrappedServer implements Server {
  private node: NodeId = 0;
  private readonly server: Server;
  private readonly within: (node: NodeId, act: () => void) => void;

  constructor(server: Server, within: (node: NodeId, act: () => void) => void) {
    this.server = server;
    this.within = within;
  }

  step(event: ServerEvent, out: Outbox): void {
    if (event.kind === 'start') this.node = event.self;
    this.within(this.node, () => this.server.step(event, out));
  }
}
