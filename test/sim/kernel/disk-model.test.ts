/** Disks, crashes and restarts against a deliberately dumb disk. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Write } from '../../../core/contract.ts';
import type { Entry, Snapshot } from '../../../core/messages.ts';
import type { SurvivingWrite } from '../../../invariants/facts.ts';
import { type Issued, type Keep, type LifeSketch, live } from './disk-lives.ts';
import type { Watched } from './probe.ts';

/** Entries stand under their indexes. */
interface Image {
  currentTerm: number;
  votedFor: number;
  commitIndex: number;
  firstIndex: number;
  log: Map<number, Entry>;
  snapshot: Snapshot | null;
}

/** The dumb disk: what is safe, in the order in which it became safe. */
class Model {
  private image: Image | null = null;
  private waiting: Issued[] = [];

  issue(issued: Issued): void {
    this.waiting.push(issued);
  }

  complete(id: number): void {
    const issued = this.waiting.find((write) => write.id === id)!;
    const before = this.waiting.filter(({ stream }) => stream === issued.stream);
    expect(before[0]).toBe(issued);
    expect(this.waiting.some((write) => write.id === issued.after && write.id < id)).toBe(false);
    this.waiting = this.waiting.filter((write) => write !== issued);
    this.carryOut(issued.write, Number.POSITIVE_INFINITY);
  }

  crash(survivors: readonly SurvivingWrite[], keep: Keep): void {
    const ids = survivors.map(({ writeId }) => writeId);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    if (keep === 'none') expect(survivors).toEqual([]);
    if (keep === 'all') {
      expect(survivors).toEqual(this.waiting.map(({ id }) => ({ writeId: id, kept: -1 })));
    }
    const broken = new Set<string>();
    const lost = new Set<number>();
    for (const { id, stream, after, write } of this.waiting) {
      const survivor = survivors.find(({ writeId }) => writeId === id);
      const isWhole = survivor?.kept === -1;
      if (survivor !== undefined) {
        // Behind a write that did not survive whole nothing of its stream does.
        expect(broken.has(stream)).toBe(false);
        expect(lost.has(after)).toBe(false);
        this.carryOut(write, isWhole ? Number.POSITIVE_INFINITY : survivor.kept);
      }
      if (survivor !== undefined && !isWhole) {
        const { entries } = write as Extract<Write, { kind: 'append' }>;
        expect(write.kind).toBe('append');
        expect(survivor.kept).toBeGreaterThan(0);
        expect(survivor.kept).toBeLessThan(entries.length);
      }
      if (isWhole) continue;
      broken.add(stream);
      lost.add(id);
    }
    this.waiting = [];
  }

  expectImage(image: unknown): void {
    if (this.image === null) {
      expect(image).toBeNull();
      return;
    }
    const { log, ...rest } = this.image;
    const entries = Array.from({ length: log.size }, (_, i) => log.get(rest.firstIndex + i));
    expect(image).toEqual({ ...rest, entries });
  }

  private carryOut(write: Write, count: number): void {
    this.image ??= {
      currentTerm: 0,
      votedFor: 0,
      commitIndex: 0,
      firstIndex: 1,
      log: new Map(),
      snapshot: null,
    };
    const { image } = this;
    const { log } = image;
    const dropIf = (isGone: (index: number) => boolean) => {
      for (const index of [...log.keys()]) if (isGone(index)) log.delete(index);
    };
    if (write.kind === 'hardState') {
      image.currentTerm = write.currentTerm;
      image.votedFor = write.votedFor;
      image.commitIndex = write.commitIndex;
    } else if (write.kind === 'append') {
      for (const entry of write.entries.slice(0, count))
        log.set(image.firstIndex + log.size, entry);
    } else if (write.kind === 'truncateFrom') dropIf((index) => index >= write.index);
    else if (write.kind === 'overwrite') {
      write.entries.forEach((entry, i) => {
        if (write.index + i >= image.firstIndex) log.set(write.index + i, entry);
      });
    } else if (write.kind === 'compactTo') {
      dropIf((index) => index <= write.index);
      image.firstIndex = Math.max(image.firstIndex, write.index + 1);
    } else image.snapshot = write.snapshot;
  }
}

/** Holds every fact about the disk against the model. */
function compare(lives: readonly LifeSketch[], { facts, seen }: Watched): void {
  const model = new Model();
  let boot = 0;
  for (const fact of facts) {
    if (fact.k === 'persistIssued') {
      model.issue({ id: fact.writeId, stream: fact.stream, after: fact.after, write: fact.write });
    } else if (fact.k === 'persisted') model.complete(fact.writeId);
    else if (fact.k === 'crashed') model.crash(fact.survivors, lives[boot]!.keep);
    else if (fact.k === 'started') {
      boot = fact.boot;
      const start = seen.find(({ event, ...me }) => event.kind === 'start' && me.boot === boot);
      if (start?.event.kind === 'start') model.expectImage(start.event.image);
    }
  }
  expect(boot).toBe(lives.length);
}

let nextTerm = 0;
const entries = fc.array(fc.constant(0), { minLength: 1, maxLength: 4 }).map((list) =>
  list.map((): Entry => {
    nextTerm += 1;
    return { term: nextTerm, command: null };
  }),
);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({
    kind: fc.constant('hardState' as const),
    currentTerm: fc.nat(9),
    votedFor: fc.nat(3),
    commitIndex: fc.nat(9),
  }),
  entries.map((list): Write => ({ kind: 'append', entries: list })),
  fc.record({ kind: fc.constant('truncateFrom' as const), index: fc.integer({ min: 1, max: 9 }) }),
  entries.map((list): Write => ({ kind: 'overwrite', index: 1, entries: list })),
  fc.record({ kind: fc.constant('compactTo' as const), index: fc.nat(6) }),
  fc.nat(9).map(
    (index): Write => ({
      kind: 'snapshot',
      snapshot: {
        lastIncludedIndex: index,
        lastIncludedTerm: 1,
        configuration: { voters: [1], newVoters: null, learners: [] },
        data: `through ${index}`,
      },
    }),
  ),
);
const life: fc.Arbitrary<LifeSketch> = fc.record({
  writes: fc
    .array(
      fc.record({
        atMs: fc.nat(2),
        stream: fc.constantFrom('a', 'b', 'c'),
        /** How many writes ago the write was issued that this one waits for; 0 for none. */
        back: fc.nat(4),
        write,
      }),
      { maxLength: 12 },
    )
    .map((list) => list.toSorted((x, y) => x.atMs - y.atMs))
    .map((list) =>
      list.map(({ back, ...rest }, i) => ({
        ...rest,
        after: back === 0 ? 0 : Math.max(0, i + 1 - back),
      })),
    ),
  livesUs: fc.integer({ min: 1, max: 8 }).map((ms) => ms * 500 + 1),
  keep: fc.constantFrom<Keep>('none', 'drawn', 'all'),
});

test('a disk does what a dumb disk does', () => {
  fc.assert(
    fc.property(fc.array(life, { minLength: 1, maxLength: 4 }), fc.nat(), (lives, seed) => {
      compare(lives, live(lives, { seed: String(seed) }));
    }),
    { numRuns: 300, seed: 1 },
  );
});
