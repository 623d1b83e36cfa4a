/**
 * Whoever keeps to the rules is never accused, however messages, writes and crashes fall: servers that
 * pass on all they know, and act only on what they can know. The rules are stated here once more, on sets.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../core/messages.ts';
import { OpaqueHistory, type SentBody } from './opaque-history.ts';

/** By server: what it has heard of, and what it knows others to have heard, and to have on disk. */
interface Knowledge {
  readonly heard: Set<string>;
  /** "server has it": n/command. */
  readonly told: Set<string>;
}

interface Mind {
  memory: Knowledge;
  /** What its memory was when it issued each unfinished write. */
  readonly writes: Knowledge[];
  disk: Knowledge;
  boot: number;
}

const nothing = (): Knowledge => ({ heard: new Set(), told: new Set() });
const copy = ({ heard, told }: Knowledge): Knowledge => {
  return { heard: new Set(heard), told: new Set(told) };
};

/** Draws of one step: what, by whom, with whom. */
const stepArbitrary = fc.record({
  what: fc.nat(99),
  who: fc.nat(6),
  whom: fc.nat(6),
  luck: fc.nat(1_000),
});

type Draw = {
  readonly what: number;
  readonly who: number;
  readonly whom: number;
  readonly luck: number;
};

/** Plays the steps by the rules; `isHonest` false: one server acts on what it cannot know. */
function play(size: number, draws: readonly Draw[], isHonest: boolean) {
  const history = new OpaqueHistory(size, { claims: false });
  const minds: Mind[] = Array.from({ length: size + 1 }, () => {
    return { memory: nothing(), writes: [], disk: nothing(), boot: 0 };
  });
  const flying: { readonly message: SentBody; readonly cargo: Knowledge }[] = [];
  const sequence: Command[] = [];
  const applied = new Array<number>(size + 1).fill(0);
  const asked = new Map<string, { command: Command; attempts: Map<string, string> }>();
  const needed = (size + 1) >> 1;
  let acknowledged = 0;
  let lies = 0;
  const name = ({ clientId, seq }: Command): string => `${clientId}.${seq}`;

  const hear = (mind: Mind, node: number, key: string): void => {
    mind.memory.heard.add(key);
    mind.memory.told.add(`heard/${node}/${key}`);
  };
  const count = (mind: Mind, kind: string, key: string): number => {
    let servers = 0;
    for (let n = 1; n <= size; n += 1)
      if (mind.memory.told.has(`${kind}/${n}/${key}`)) servers += 1;
    return servers;
  };

  for (const { what, who, whom, luck } of draws) {
    const node = 1 + (who % size);
    const other = 1 + (whom % size);
    const mind = minds[node]!;
    if (what < 15) {
      const command = history.invoke(`put x ${asked.size}`, 1 + (luck % 3));
      const id = history.request(node, command);
      asked.set(name(command), { command, attempts: new Map([[`${node}/${mind.boot}`, id]]) });
      hear(mind, node, name(command));
    } else if (what < 40 && node !== other) {
      flying.push({ message: history.wake(node).send(node, other), cargo: copy(mind.memory) });
    } else if (what < 70 && flying.length > 0) {
      const place = luck % flying.length;
      const { message, cargo } = flying[place]!;
      if (luck % 5 !== 0) flying.splice(place, 1);
      history.deliver(message);
      const receiver = minds[message.to]!;
      for (const key of cargo.heard) hear(receiver, message.to, key);
      for (const fact of cargo.told) receiver.memory.told.add(fact);
    } else if (what < 80) {
      history.wake(node).write(node);
      mind.writes.push(copy(mind.memory));
    } else if (what < 88) {
      history.flush(node);
      const newest = mind.writes.at(-1);
      if (newest !== undefined) {
        mind.disk = newest;
        for (const key of newest.heard) mind.memory.told.add(`disk/${node}/${key}`);
      }
      mind.writes.length = 0;
    } else if (what < 91) {
      const keep = luck % 2 === 0 ? 'all' : 'none';
      history.restart(node, keep);
      if (keep === 'all') mind.disk = mind.writes.at(-1) ?? mind.disk;
      mind.writes.length = 0;
      mind.memory = copy(mind.disk);
      for (const key of mind.disk.heard) mind.memory.told.add(`disk/${node}/${key}`);
      mind.boot += 1;
      applied[node] = 0;
    } else if (what < 97) {
      // Applies the next of the sequence, or a new one that nobody has applied yet.
      const next = sequence[applied[node]!];
      const fresh = [...asked.values()].find(({ command }) => {
        return !sequence.includes(command) && mind.memory.heard.has(name(command));
      });
      const command = next ?? fresh?.command;
      if (command === undefined) continue;
      const canKnow = mind.memory.heard.has(name(command));
      if (!canKnow && isHonest) continue;
      if (!canKnow) lies += 1;
      if (next === undefined) sequence.push(command);
      history.wake(node).apply(node, command);
      applied[node]! += 1;
    } else {
      // Answers what enough servers are known to have on disk, and what it has applied.
      for (const { command, attempts } of asked.values()) {
        const id = attempts.get(`${node}/${mind.boot}`);
        if (id === undefined || !sequence.slice(0, applied[node]!).includes(command)) continue;
        const isSafe = count(mind, 'disk', name(command)) >= needed;
        if (!isSafe && isHonest) continue;
        if (!isSafe) lies += 1;
        attempts.clear();
        history.wake(node).respond(node, id, 'ok').tell(command, 'ok');
        acknowledged += 1;
      }
    }
  }
  return { findings: history.phase('end').findings, acknowledged, lies };
}

describe('random causal noise', () => {
  it('never accuses servers that act on what they can know', () => {
    let acknowledged = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(stepArbitrary, { maxLength: 300, size: 'max' }),
        (size, draws) => {
          const played = play(size, draws, true);
          acknowledged += played.acknowledged;
          expect(played.findings).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
    expect(acknowledged).toBeGreaterThan(100);
  });

  it('accuses exactly those that act on what they cannot know', () => {
    let [lying, found] = [0, 0];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(stepArbitrary, { maxLength: 300, size: 'max' }),
        (size, draws) => {
          const { findings, lies } = play(size, draws, false);
          if (lies > 0) lying += 1;
          if (findings.length > 0) found += 1;
          expect(findings.length > 0).toBe(lies > 0);
        },
      ),
      { numRuns: 300, seed: 8 },
    );
    expect(lying).toBeGreaterThan(50);
    expect(found).toBe(lying);
  });
});
