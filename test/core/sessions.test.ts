import { describe, expect, it } from 'vitest';
import { KeyValueStore } from '../../core/state-machine.ts';

/** A log that is applied entry by entry, all of it stamped with `clock`. */
class AppliedLog {
  readonly store = new KeyValueStore(1_000);
  clock = 0;
  private index = 0;

  register(): number {
    return Number(this.apply({ clientId: 1, seq: 0, op: 'register' }));
  }

  send(session: number, seq: number, op: string, answeredBelow?: number): string | null {
    const command = { clientId: 1, seq, op, session };
    return this.apply(answeredBelow === undefined ? command : { ...command, answeredBelow });
  }

  private apply(command: Parameters<KeyValueStore['apply']>[0]): string | null {
    this.index += 1;
    return this.store.apply(command, this.index, this.clock);
  }
}

describe('a session (§8, thesis §6.3)', () => {
  it('is named by the index of its registration', () => {
    const log = new AppliedLog();
    expect(log.register()).toBe(1);
    expect(log.register()).toBe(2);
  });

  it('carries out a command once, however often it stands in the log', () => {
    const log = new AppliedLog();
    const session = log.register();
    log.send(session, 1, 'put x 1');
    expect(log.send(session, 2, 'cas x 1 2')).toBe('swapped');
    expect(log.send(session, 2, 'cas x 1 2')).toBe('swapped');
    log.store.apply({ clientId: 2, seq: 1, op: 'put x 1' }, 99, 0);
    expect(log.send(session, 2, 'cas x 1 2')).toBe('swapped');
    expect(log.store.contents()).toEqual([['x', '1']]);
  });

  it('gives a duplicate its own answer, not the latest', () => {
    const log = new AppliedLog();
    const session = log.register();
    log.send(session, 1, 'put x 1', 1);
    expect(log.send(session, 2, 'get x', 1)).toBe('1');
    log.send(session, 3, 'put x 3', 1);
    expect(log.send(session, 4, 'get x', 1)).toBe('3');
    expect(log.send(session, 2, 'get x', 1)).toBe('1');
    expect(log.send(session, 1, 'put x 1', 1)).toBe(null);
    expect(log.send(session, 5, 'get x', 1)).toBe('3');
  });

  it('takes the commands of one client in any order', () => {
    const log = new AppliedLog();
    const session = log.register();
    expect(log.send(session, 2, 'get x', 1)).toBe(null);
    log.send(session, 1, 'put x 1', 1);
    expect(log.send(session, 2, 'get x', 1)).toBe(null);
  });

  it('forgets answers that the client has, and still does nothing twice', () => {
    const log = new AppliedLog();
    const session = log.register();
    log.send(session, 1, 'put x 1', 1);
    log.send(session, 2, 'put x 2', 2);
    expect(JSON.parse(log.store.snapshot()).sessions).toEqual([[1, 0, 2, [[2, null]]]]);
    expect(log.send(session, 1, 'put x 1', 1)).toBe('answered before');
    expect(log.store.contents()).toEqual([['x', '2']]);
  });

  it('without word of answers a client has one command at a time', () => {
    const log = new AppliedLog();
    const session = log.register();
    log.send(session, 1, 'put x 1');
    expect(log.send(session, 2, 'get x')).toBe('1');
    expect(log.send(session, 1, 'put x 1')).toBe('answered before');
    expect(log.send(session, 2, 'get x')).toBe('1');
  });

  it('that nobody has opened carries out nothing', () => {
    const log = new AppliedLog();
    log.register();
    expect(log.send(7, 1, 'put x 1')).toBe('no such session');
    expect(log.store.contents()).toEqual([]);
  });

  it('knows nothing of the commands of another', () => {
    const log = new AppliedLog();
    const [first, second] = [log.register(), log.register()];
    log.send(first, 1, 'put x 1');
    log.send(second, 1, 'put x 2');
    expect(log.store.contents()).toEqual([['x', '2']]);
  });
});

describe('the end of a session, by logged time', () => {
  it('comes when it was not used for long', () => {
    const log = new AppliedLog();
    const session = log.register();
    log.clock = 1_000;
    expect(log.send(session, 1, 'put x 1')).toBe('no such session');
    expect(log.store.contents()).toEqual([]);
  });

  it('is put off by every command, duplicates included', () => {
    const log = new AppliedLog();
    const session = log.register();
    for (const clock of [900, 1_800, 2_700]) {
      log.clock = clock;
      expect(log.send(session, 1, 'put x 1')).toBe(null);
    }
    log.clock = 3_700;
    expect(log.send(session, 2, 'get x')).toBe('no such session');
  });

  it('ends no other session', () => {
    const log = new AppliedLog();
    const first = log.register();
    log.clock = 500;
    const second = log.register();
    log.clock = 1_200;
    expect(log.send(first, 1, 'get x')).toBe('no such session');
    expect(log.send(second, 1, 'get x')).toBe(null);
    log.clock = 2_199;
    expect(log.send(second, 2, 'get x')).toBe(null);
  });

  it('never comes where it is not asked for, or time is not logged', () => {
    const store = new KeyValueStore();
    store.apply({ clientId: 1, seq: 0, op: 'register' }, 1, 0);
    const late = { clientId: 1, seq: 1, op: 'put x 1', session: 1 };
    expect(store.apply(late, 2, Number.MAX_SAFE_INTEGER)).toBe(null);
    const log = new AppliedLog();
    log.register();
    expect(log.send(1, 1, 'put x 1')).toBe(null);
  });
});
