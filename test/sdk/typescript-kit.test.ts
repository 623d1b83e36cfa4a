import { describe, expect, test } from 'vitest';
import {
  type Action,
  type BenchEvent,
  type Capabilities,
  type Disk,
  type Json,
  type Request,
  Server,
} from '../../sdk/typescript/whitewater.ts';
import { actionSchema } from '../../sim/protocol/actions.ts';
import { capabilitiesSchema } from '../../sim/protocol/capabilities.ts';
import type { ProgramEvent } from '../../sim/protocol/events.ts';

const start = (durable: Record<string, Disk> | null = null): BenchEvent => ({
  kind: 'start',
  now: 5,
  self: 'n2',
  index: 1,
  members: ['n1', 'n2', 'n3'],
  boot: 0,
  seed: 'a',
  durable,
  config: { maxDriftPpm: 0, snapshotEvery: null },
});

const persisted = (id: number): BenchEvent => ({ kind: 'persisted', now: 9, id });

/** Does on `start` what the test says, and notes what it is told. */
class Told extends Server {
  override readonly capabilities: Capabilities;
  readonly told: unknown[] = [];
  private readonly onStart: (server: Told) => void;

  constructor(onStart: (server: Told) => void, capabilities: Capabilities) {
    super();
    this.onStart = onStart;
    this.capabilities = capabilities;
  }

  override start(disk: Disk): void {
    this.told.push(disk);
    this.onStart(this);
  }

  override message(from: string, body: Json): void {
    this.told.push([from, body]);
  }

  override timer(name: string): void {
    this.told.push(name);
  }

  override request({ id }: Request): void {
    this.told.push(id);
  }
}

function begun(
  onStart: (server: Told) => void = () => {},
  capabilities: Capabilities = { durability: 'explicit' },
): { server: Told; actions: readonly Action[] } {
  const server = new Told(onStart, capabilities);
  return { server, actions: server.handle(start()) };
}

const kinds = (actions: readonly Action[]) => actions.map(({ kind }) => kind);

describe('the kit for TypeScript', () => {
  test('takes the events of the protocol', () => {
    // Types alone: a field that the protocol renames does not compile here.
    const take = (event: ProgramEvent): BenchEvent => event;
    expect(take).toBeTypeOf('function');
    expect(
      capabilitiesSchema.parse({ durability: 'explicit' } satisfies Capabilities),
    ).toBeTruthy();
  });

  test('asks for actions that the protocol knows, in the order of the calls', () => {
    const { actions } = begun((server) => {
      server.send('n1', { hello: 1 });
      server.send('n1', null, 'greeting');
      server.setTimer('election', 150, 300);
      server.setTimer('heartbeat', 50);
      server.cancelTimer('heartbeat');
      server.persist({ put: { term: 1 } });
      server.persist({ append: [{ term: 1 }] }, { stream: 'log', after: 1 });
      server.apply('put x1 7 c1.1', 3);
      server.apply('put x1 8 c1.2');
      server.takeSnapshot(3);
      server.restore(3, 'ref');
      server.respond('c1.1/1', 'ok');
      server.respond('c1.1/2', 'redirect', { hint: 'n3' });
      server.claim('leader', 2);
      server.note({ at: 1 });
      server.halt('disk');
    });
    expect(kinds(actions).join(' ')).toBe(
      'send send setTimer setTimer cancelTimer persist persist apply apply takeSnapshot restore ' +
        'respond respond claim note halt',
    );
    for (const action of actions) {
      expect(actionSchema.safeParse(action).error, JSON.stringify(action)).toBeUndefined();
    }
    expect(actions[3]).toMatchObject({ minMs: 50, maxMs: 50 });
    expect(actions[6]).toMatchObject({ id: 2, stream: 'log', after: 1 });
  });

  test('knows who it is, and what was on disk', () => {
    const server = new Told(() => {}, {});
    const main = { values: { term: 3 }, firstIndex: 2, entries: [7] };
    server.handle(start({ main, log: main }));
    expect([server.me, server.peers, server.now]).toEqual(['n2', ['n1', 'n3'], 5]);
    expect(server.told).toEqual([main]);
    expect(begun().server.told).toEqual([{ values: {}, firstIndex: 1, entries: [] }]);
  });

  test('hands each event to its handler, and passes over kinds that are new to it', () => {
    const { server } = begun();
    server.handle({ kind: 'message', now: 6, from: 'n1', body: [1] });
    server.handle({ kind: 'timer', now: 7, name: 'election' });
    const request = (id: string) => ({
      id,
      command: { clientId: 'c1', seq: 1, op: 'get x1 c1.1' },
      readOnly: true,
    });
    server.handle({ kind: 'requests', now: 8, requests: [request('a'), request('b')] });
    expect(server.told.slice(1)).toEqual([['n1', [1]], 'election', 'a', 'b']);
    expect(server.handle({ kind: 'weather', now: 9 } as unknown as BenchEvent)).toEqual([]);
    expect(
      server.handle({ kind: 'admin', now: 9, id: 'o1', change: { takeSnapshot: true } }),
    ).toEqual([{ kind: 'respond', id: 'o1', outcome: 'rejected' }]);
  });

  test('says so when a handler is async', () => {
    class Late extends Server {
      override async timer(): Promise<void> {}
    }
    const server = new Late();
    server.handle(start());
    expect(() => server.handle({ kind: 'timer', now: 6, name: 'x' })).toThrow(
      'the handler of "timer" is async; handlers are plain functions',
    );
  });
});

describe('whenDurable', () => {
  test('waits for the write, and is at once when it is safe', () => {
    const { server, actions } = begun((server) => {
      const id = server.persist({ put: { a: 1 } });
      server.whenDurable(id, () => server.note('first'));
      server.whenDurable(server.persist({ append: [1] }), () => server.note('second'));
    });
    expect(kinds(actions)).toEqual(['persist', 'persist']);
    expect(server.handle(persisted(1))).toEqual([{ kind: 'note', note: 'first' }]);
    expect(server.handle(persisted(2))).toEqual([{ kind: 'note', note: 'second' }]);
    const late: string[] = [];
    server.whenDurable(1, () => late.push('at once'));
    server.whenDurable(0, () => late.push('nothing was written'));
    expect(late).toEqual(['at once', 'nothing was written']);
  });

  test('counts all earlier writes of the stream as safe, and none of another', () => {
    const { server } = begun((server) => {
      for (const stream of ['main', 'log', 'main']) {
        const id = server.persist({ append: [1] }, { stream });
        server.whenDurable(id, () => server.note(`${stream} ${id}`));
      }
    });
    const notes = (id: number) => server.handle(persisted(id)).map(({ note }) => note);
    expect(notes(3)).toEqual(['main 1', 'main 3']);
    expect(notes(2)).toEqual(['log 2']);
  });

  test('asks then whether it is still wanted', () => {
    let term = 1;
    const { server } = begun((server) => {
      const id = server.persist({ put: { term } });
      server.whenDurable(
        id,
        () => server.note('still'),
        () => term === 1,
      );
      server.whenDurable(id, () => server.note('always'));
    });
    term = 2;
    expect(server.handle(persisted(1))).toEqual([{ kind: 'note', note: 'always' }]);
  });

  test('never comes for a write that failed, nor for those behind it', () => {
    const { server } = begun((server) => {
      server.whenDurable(server.persist({ put: { a: 1 } }), () => server.note(1));
      server.whenDurable(server.persist({ put: { a: 2 } }), () => server.note(2));
      server.whenDurable(server.persist({ put: { a: 3 } }), () => server.note(3));
    });
    expect(server.handle(persisted(1))).toEqual([{ kind: 'note', note: 1 }]);
    expect(server.handle({ kind: 'persistFailed', now: 9, id: 2, error: 'EIO' })).toEqual([
      { kind: 'halt', reason: 'write 2 failed: EIO' },
    ]);
    expect(server.handle(persisted(3))).toEqual([]);
  });

  test('is at once where the bench sees to the order', () => {
    const write = (server: Told) => {
      server.whenDurable(server.persist({ put: { a: 1 } }), () => server.note('now'));
    };
    expect(kinds(begun(write, { durability: 'barrier' }).actions)).toEqual(['persist', 'note']);
  });
});
