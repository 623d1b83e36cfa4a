/** Ledgers that have forgotten their beginning say the same of what comes behind it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../core/messages.ts';
import { CommandNames } from '../../invariants/ledgers/command-names.ts';
import { IntVector } from '../../invariants/ledgers/int-vector.ts';
import { LogImage } from '../../invariants/ledgers/log-image.ts';
import { type LogId, LogLedger } from '../../invariants/ledgers/log-ledger.ts';
import { TakenSnapshots } from '../../invariants/ledgers/taken-snapshots.ts';
import { History, noOp, type Sent } from './history.ts';

interface Pair {
  readonly term: number;
  readonly payload: number;
}

const pair = fc.record({
  term: fc.integer({ min: 1, max: 3 }),
  payload: fc.integer({ min: 0, max: 2 }),
});
const log = fc.array(pair, { maxLength: 9 });

function intern(ledger: LogLedger, parent: LogId, entries: readonly Pair[]): LogId {
  return entries.reduce((id, { term, payload }) => ledger.child(id, term, payload), parent);
}

describe('the ledger of logs', () => {
  test('keeps what is behind the committed part, and knows strangers from it', () => {
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 1, maxLength: 6 }),
        fc.array(log, { minLength: 1, maxLength: 8 }),
        fc.array(log, { maxLength: 8 }),
        fc.boolean(),
        (committed, behind, others, isLate) => {
          const ledger = new LogLedger();
          const early = isLate ? [] : others.map((entries) => intern(ledger, 0, entries));
          const root = intern(ledger, 0, committed);
          const floor = committed.length;
          const kept = behind.map((entries) => intern(ledger, root, entries));
          const all = [...early, ...(isLate ? others.map((e) => intern(ledger, 0, e)) : [])];
          const stamps = kept.map((id) => ledger.stampOf(id));
          const before = kept.map((id) => ledger.indexOf(id));
          const renumbering = ledger.forgetThrough(root);
          expect([ledger.floor, ledger.indexOf(0)]).toEqual([floor, floor]);
          expect(ledger.termOf(0)).toBe(committed.at(-1)!.term);
          kept.forEach((old, i) => {
            const id = renumbering.of(old);
            expect(ledger.indexOf(id)).toBe(before[i]);
            expect(ledger.stamped(stamps[i]!)).toBe(id);
            expect(intern(ledger, 0, behind[i]!)).toBe(id);
            expect(ledger.ancestorAt(id, floor - 1)).toBe(0);
            expect(ledger.ancestorAt(id, floor)).toBe(0);
            behind[i]!.forEach(({ term, payload }, place) => {
              const at = ledger.ancestorAt(id, floor + place + 1);
              expect([ledger.termOf(at), ledger.payloadOf(at)]).toEqual([term, payload]);
            });
          });
          others.forEach((entries, i) => {
            if (entries.length <= floor) return;
            const isStranger = committed.some(({ term, payload }, at) => {
              return entries[at]!.term !== term || entries[at]!.payload !== payload;
            });
            const id = renumbering.of(all[i]!);
            expect(intern(ledger, 0, entries.slice(floor)) === id).toBe(!isStranger);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test('forgets again and again', () => {
    const ledger = new LogLedger();
    const image = new LogImage();
    for (let index = 1; index <= 1_000; index += 1) {
      image.push(ledger.child(image.tip, index, index));
      if (index % 7 !== 0) continue;
      const floor = index - 3;
      image.renumber(ledger.forgetThrough(image.at(floor)), floor);
      expect(image.last).toBe(index);
      expect([image.at(Math.max(0, floor - 5)), image.at(floor)]).toEqual([0, 0]);
      expect([-1, 0, 1, 2, 3].map((i) => ledger.termOf(image.at(floor + i)))).toEqual([
        floor,
        floor,
        floor + 1,
        floor + 2,
        floor + 3,
      ]);
      expect(ledger.count).toBeLessThan(20);
    }
  });
});

describe('a growing array', () => {
  test('answers 0 for what it has forgotten, and keeps the rest', () => {
    const vector = new IntVector(4);
    for (let place = 0; place < 100; place += 1) vector.set(place, place + 1);
    vector.forgetBelow(60);
    vector.set(10, 7);
    vector.set(130, 131);
    expect([10, 59, 60, 99, 100, 130].map((place) => vector.get(place))).toEqual([
      0, 0, 61, 100, 0, 131,
    ]);
  });
});

describe('names of commands', () => {
  test('are known again when a copy comes late, with what became of them', () => {
    const names = new CommandNames();
    for (let seq = 1; seq <= 50; seq += 1) names.add(3, seq, 100 + seq);
    names.keep(3, 5, 105);
    for (let seq = 1; seq <= 40; seq += 1)
      if (seq !== 5) names.forget(3, seq, seq % 2 === 0, seq === 7);
    names.trim(141);
    expect([4, 5, 40, 41, 50].map((seq) => names.find(3, seq))).toEqual([0, 105, 0, 141, 150]);
    expect([names.forgotten.has(3, 4), names.forgotten.has(3, 41)]).toEqual([true, false]);
    expect([4, 7].map((seq) => names.forgotten.wasCommitted(3, seq))).toEqual([true, false]);
    expect([4, 7].map((seq) => names.forgotten.wasRead(3, seq))).toEqual([false, true]);
    names.add(3, 51, 151);
    expect(names.find(3, 51)).toBe(151);
  });
});

describe('snapshots that were taken', () => {
  test('are forgotten when nobody can have them any more', () => {
    const taken = new TakenSnapshots();
    for (const index of [3, 5, 8]) {
      taken.ask(1, index, index);
      taken.take(1, index, index === 8 ? 'b' : 'a');
    }
    taken.forgetBelow(5);
    expect([taken.indexesOf('a'), taken.indexesOf('b')]).toEqual([[5], [8]]);
    taken.forgetBelow(6);
    expect(taken.indexesOf('a')).toBe(null);
  });
});

interface Long {
  readonly history: History;
  /** The first command, and the first message that brought entries to S2. */
  readonly first: Command;
  readonly message: Sent;
  readonly last: number;
}

/** S1 leads; in each round two writes are committed, and all servers make a snapshot of everything. */
function long(rounds: number, forgottenMin: number, session: { session?: number } = {}): Long {
  const history = new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2).replicate(1, 3);
  history.judge.ledgers.forgottenMin = forgottenMin;
  history.wake(1).apply(1, 1);
  const commands: Command[] = [];
  const messages: Sent[] = [];
  let last = 1;
  const applied = [0, 1, 0, 0];
  for (let round = 1; round <= rounds; round += 1) {
    const puts = ['x', 'y'].map((key) => {
      const command = { ...history.invoke(1, `put ${key} ${round}`), ...session };
      history.request(1, `1.${command.seq}/1`, command).append(1, { term: 1, command });
      return command;
    });
    history.flush(1);
    for (const follower of [2, 3]) {
      const message = history.wake(1).sendAppend(1, follower, { prev: last });
      messages.push(message);
      history.take(message).acknowledge(message);
    }
    last += 2;
    for (const node of [1, 2, 3]) {
      if (node === 1) history.wake(1);
      else history.deliver(history.wake(1).sendAppend(1, node, { prev: last, commit: last }));
      while (applied[node]! < last) {
        applied[node]! += 1;
        history.apply(node, applied[node]!);
      }
      if (node === 1) for (const put of puts) history.respond(1, `1.${put.seq}/1`, 'unknown');
      if (node === 1) for (const put of puts) history.answer(put, 'info');
      history.makeSnapshot(node, last, `round ${round}`);
    }
    commands.push(...puts);
  }
  return { history, first: commands[0]!, message: messages[0]!, last };
}

/** S1 makes an entry of this command, S2 gets it, and S1 applies it. */
function commitAgain({ history, last }: Long, command: Command): History {
  history.request(1, `1.${command.seq}/again`, command).append(1, { term: 1, command });
  history.flush(1).replicate(1, 2, { prev: last });
  return history.wake(1).apply(1, last + 1);
}

describe('a long history', () => {
  test('is judged by little more than what is behind the last snapshots', () => {
    const { log, commands } = long(50, 1).history.judge.ledgers;
    expect(log.floor).toBeGreaterThan(90);
    expect(log.count).toBeLessThan(12);
    expect(commands.find(1, 1)).toBe(0);
    expect(long(50, 1).history.findings).toEqual([]);
  });

  test.each([1, 1_000_000])('is judged the same, when %i entries are worth forgetting', (min) => {
    const late = long(20, min);
    late.history.take(late.message);
    expect(late.history.findings).toEqual([]);
    const again = long(20, min);
    expect(commitAgain(again, again.first).findings).toEqual(['exactly-once/committed-twice']);
    const duplicate = long(20, min, { session: 1 });
    expect(commitAgain(duplicate, duplicate.first).findings).toEqual([]);
    const altered = long(20, min);
    const command = { ...altered.first, seq: 1_000, op: 'put x 0' };
    expect(commitAgain(altered, command).findings).toEqual(['no-invented-command/invented']);
    const back = long(20, min);
    back.history.wake(2).restore(2, 3, 'round 1');
    expect(back.history.findings[0]).toBe('applied-in-order/restored-back');
    const dropped = long(20, min);
    dropped.history.wake(2).truncate(2, 2);
    expect(dropped.history.findings).toEqual([]);
    const lost = long(20, min);
    lost.history
      .crash(3)
      .start(3)
      .apply(3, lost.last + 1, noOp(1));
    expect(lost.history.findings).toContain('applied-in-order/gap');
  });
});
