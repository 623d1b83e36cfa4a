/**
 * Random runs on a clock, with pre-vote, check-quorum, transfers, reads and leases drawn per seed:
 * clocks that drift, slow networks and disks, cuts in one direction or both, pauses, crashes. No
 * read is stale, and when all is calm again somebody leads, and is left in peace.
 * TIME_SEEDS=20000 runs more of them.
 */
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../core/contract.ts';
import type { Entry, NodeId } from '../../core/messages.ts';
import { Cluster } from './cluster.ts';
import { randomFrom } from './random-from.ts';
import type { Action } from './recording-outbox.ts';
import { calm, TimedCluster } from './timed-cluster.ts';

const second = 1_000_000;

/** What was asked, by the id of the attempt. */
interface Asked {
  readonly isRead: boolean;
  /** Through here somebody had seen the log when this was asked. */
  readonly seenIndex: number;
}

/** Few and plain checks: one leader per term, one entry per index, no read of the past. */
class Checker {
  readonly leaders = new Map<number, NodeId>();
  readonly answers: Record<string, number> = {};
  readonly #applied: Entry[] = [];
  readonly #placeOfEntry = new Map<Entry, number>();
  /** By node: through where its state machine holds the log. */
  readonly #index: number[] = [];
  readonly #asked = new Map<string, Asked>();
  /** Through here somebody has seen the log. */
  #seenIndex = 0;

  ask(id: string, isRead: boolean): void {
    this.#asked.set(id, { isRead, seenIndex: this.#seenIndex });
  }

  look(node: NodeId, action: Action): void {
    if (action.kind === 'claim' && action.role === 'leader') this.#leads(node, action.term);
    if (action.kind === 'restore') this.#index[node] = action.index;
    if (action.kind === 'apply') this.#applies(node, action.index, action.entry);
    if (action.kind === 'respond') this.#responds(node, action.id, action.outcome);
  }

  restarted(node: NodeId): void {
    this.#index[node] = 0;
  }

  #leads(node: NodeId, term: number): void {
    expect(this.leaders.get(term) ?? node, `the leader of term ${term}`).toBe(node);
    this.leaders.set(term, node);
  }

  #applies(node: NodeId, index: number, entry: Entry): void {
    expect(index).toBe((this.#index[node] ?? 0) + 1);
    this.#index[node] = index;
    if (index === this.#applied.length + 1) this.#applied.push(entry);
    expect(this.#applied[index - 1], `entry ${index}`).toBe(entry);
    this.#placeOfEntry.set(entry, index);
  }

  #responds(node: NodeId, id: string, outcome: string): void {
    const asked = this.#asked.get(id);
    const kind = asked === undefined ? 'transfer' : asked.isRead ? 'read' : 'write';
    this.#asked.delete(id);
    const name = `${kind} ${outcome}`;
    this.answers[name] = (this.answers[name] ?? 0) + 1;
    if (asked === undefined || outcome !== 'ok') return;
    const index = this.#index[node] ?? 0;
    if (asked.isRead) {
      expect(index, `a read at server ${node} sees what was seen`).toBeGreaterThanOrEqual(
        asked.seenIndex,
      );
    }
    // A write has been applied here in this step, so this is its place or behind it.
    this.#seenIndex = Math.max(this.#seenIndex, index);
  }
}

class Run {
  readonly random: (below: number) => number;
  readonly config: Partial<ServerConfig>;
  readonly checker = new Checker();
  readonly timed: TimedCluster;
  #requestCount = 0;
  #isCalm = false;

  constructor(seed: number) {
    this.random = randomFrom(seed);
    const { random } = this;
    const reads = (['lease', 'lease', 'readIndex', 'log'] as const)[random(4)]!;
    const clockDriftPpm = [0, 500, 50_000, 200_000][random(4)]!;
    const snapshots = random(3) === 0 ? { snapshotEntries: 2, trailingEntries: random(3) } : {};
    this.config = {
      reads,
      clockDriftPpm,
      ...snapshots,
      snapshotChunkMax: 4,
      preVote: random(2) === 0,
      checkQuorum: random(2) === 0,
      groupCommit: random(4) === 0,
      batchEntriesMax: 1 + random(3),
      inflightMax: 1 + random(3),
      electionMsMax: 200 + random(200),
    };
    const size = [1, 2, 3, 3, 3, 4, 5, 5, 7][random(9)]!;
    const mixed = { 1: { preVote: random(2) === 0 } };
    const configs = random(4) === 0 ? mixed : {};
    this.timed = new TimedCluster(
      () => new Cluster(size, { config: this.config, configs }),
      clockDriftPpm,
      random,
      (node, action) => this.checker.look(node, action),
    );
    const lateOneIn = [0, 5, 20][random(3)]!;
    const latencyUsMax = [2_000, 20_000, 60_000][random(3)]!;
    const writeUsMax = [100, 5_000, 60_000][random(3)]!;
    this.timed.weather = { latencyUsMax, lateOneIn, lossPercent: random(3) * 5, writeUsMax };
  }

  get servers(): readonly NodeId[] {
    return this.timed.cluster.members;
  }

  /** Four seconds of trouble, two to settle, two in which nothing more may happen but traffic. */
  play(): void {
    const { timed } = this;
    this.#askAgain();
    this.#disturbAgain();
    timed.runFor(4 * second);
    this.#isCalm = true;
    timed.weather = calm;
    timed.unblockAll();
    for (const node of this.servers) {
      timed.resume(node);
      if (!timed.cluster.isUp(node)) this.#restart(node);
    }
    timed.runFor(3 * second);
    const terms = this.#terms();
    const { answers } = this.checker;
    const before = { ...answers };
    timed.runFor(2 * second);
    expect(new Set(terms).size, `terms ${terms.join()}`).toBe(1);
    expect(this.#terms(), 'no election while all is calm').toEqual(terms);
    expect(answers['write ok'], 'writes').toBeGreaterThan(before['write ok'] ?? 0);
    expect(answers['read ok'], 'reads').toBeGreaterThan(before['read ok'] ?? 0);
    // Only a read that is an entry can have an unknown end.
    if (this.config.reads !== 'log') expect(answers['read unknown']).toBe(undefined);
  }

  #terms(): number[] {
    return this.servers.map((node) => this.timed.cluster.state(node).currentTerm);
  }

  /** Whoever takes himself for the leader is asked, and now and then somebody else. */
  #askAgain(): void {
    const { timed, random, checker } = this;
    const leading = this.servers.filter((node) => this.#leads(node));
    const asked = random(10) === 0 ? this.servers : leading;
    const node = asked[random(asked.length)];
    if (node !== undefined) {
      const isRead = random(3) > 0;
      timed.tell(node, (cluster) => {
        this.#requestCount += 1;
        const id = `r${this.#requestCount}`;
        // At the server, not when it was sent: a read that waited outside would only be fresher.
        checker.ask(id, isRead);
        cluster.request(node, isRead ? 'get x' : 'put x 1');
      });
    }
    timed.after(1 + random(15_000), () => this.#askAgain());
  }

  #leads(node: NodeId): boolean {
    const { cluster } = this.timed;
    return cluster.isUp(node) && cluster.state(node).role === 'leader';
  }

  #disturbAgain(): void {
    if (this.#isCalm) return;
    this.#disturb();
    this.timed.after(1 + this.random(300_000), () => this.#disturbAgain());
  }

  #disturb(): void {
    const { timed, random, servers } = this;
    const leader = servers.find((server) => this.#leads(server));
    const any = servers[random(servers.length)]!;
    const node = random(2) === 0 && leader !== undefined ? leader : any;
    const dice = random(100);
    if (dice < 20) this.#cut(node, random(3));
    else if (dice < 35) this.#cutSlowly(node, any);
    else if (dice < 55) timed.unblockAll();
    else if (dice < 67) {
      timed.pause(node);
      timed.after(1 + random(600_000), () => timed.resume(node));
    } else if (dice < 80) {
      timed.crash(node);
      timed.after(1 + random(random(2) === 0 ? 20_000 : 600_000), () => this.#restart(node));
    } else {
      this.#transfer(node, any);
      if (random(2) === 0) timed.after(random(100_000), () => this.#cut(node, random(3)));
    }
  }

  /** One way or both ways. */
  #cut(node: NodeId, direction: number): void {
    if (this.#isCalm) return;
    for (const other of this.servers) {
      if (direction !== 0) this.timed.block(node, other);
      if (direction !== 1) this.timed.block(other, node);
    }
  }

  /** First from one other, which may want to lead then; soon from all. */
  #cutSlowly(node: NodeId, other: NodeId): void {
    this.timed.block(node, other);
    this.timed.block(other, node);
    this.timed.after(this.random(600_000), () => this.#cut(node, this.random(3)));
  }

  #restart(node: NodeId): void {
    if (this.timed.cluster.isUp(node)) return;
    this.checker.restarted(node);
    this.timed.restart(node);
  }

  #transfer(from: NodeId, to: NodeId): void {
    if (!this.#leads(from)) return;
    this.timed.tell(from, (cluster) => {
      if (this.#leads(from)) cluster.admin(from, { kind: 'transferLeadership', to });
    });
  }
}

describe('random runs on a clock', () => {
  const total: Record<string, number> = {};
  let leaders = 0;
  const seeds = Number(process.env['TIME_SEEDS'] ?? 120);
  const from = Number(process.env['TIME_FROM'] ?? 1);

  it.each(Array.from({ length: seeds }, (_, at) => from + at))('seed %i', (seed) => {
    const run = new Run(seed);
    run.play();
    leaders += run.checker.leaders.size;
    for (const [name, count] of Object.entries(run.checker.answers)) {
      total[name] = (total[name] ?? 0) + count;
    }
  });

  it('did something', () => {
    expect(leaders).toBeGreaterThan(2 * seeds);
    for (const name of ['read ok', 'write ok'])
      expect(total[name], name).toBeGreaterThan(50 * seeds);
    for (const name of ['transfer ok', 'transfer rejected', 'read rejected', 'write unknown']) {
      expect(total[name], name).toBeGreaterThan(seeds / 20);
    }
    expect(total['transfer unknown']).toBeGreaterThan(0);
  });
});
