/** Goes through the records of a run, in order, and tells what is worth telling. */
import type { NodeId } from '../../core/messages.ts';
import type { ActionRecord, StepRecord, TraceRecord, WorldRecord } from '../trace/format.ts';
import { isStep } from '../trace/format.ts';
import { tellAnswers, tellApplied, tellRefusal, tellWaiting, tellWrites } from './acting.ts';
import { type Beat, indexes } from './beat.ts';
import { tellAsked, tellOutcomes, tellTransfer } from './configuring.ts';
import { tellElection, tellRole } from './electing.ts';
import { tellArrival } from './hearing.ts';
import type { Letter, Narration } from './narration.ts';
import { tellSnapshots } from './snapshotting.ts';
import { type PendingWrite, ToldServer } from './told-server.ts';
import { tellWorld } from './world.ts';

export class Narrator implements Narration {
  /** Servers in all. */
  readonly size: number;
  readonly beats: Beat[] = [];
  readonly letters = new Map<number, Letter>();
  /** Longer than this on its way, and a message is late. */
  readonly lateUs: number;
  step = 0;
  atUs = 0;
  /** How many links are cut. */
  cutCount = 0;
  private readonly servers: ToldServer[] = [];

  constructor(size: number, lateUs: number) {
    this.size = size;
    this.lateUs = lateUs;
    for (let node = 0; node <= size; node += 1) this.servers.push(new ToldServer(node));
  }

  take(record: TraceRecord): void {
    this.atUs = record.t;
    if (isStep(record)) this.takeStep(record);
    else tellWorld(this, record);
  }

  server(node: NodeId): ToldServer {
    return this.servers[node]!;
  }

  tell(beat: Pick<Beat, 'nodes' | 'weight' | 'text'> & Partial<Beat>): void {
    const { step, atUs } = this;
    this.beats.push({
      step,
      atUs,
      key: null,
      within: null,
      isArrival: false,
      isDisk: false,
      isWorld: false,
      ...beat,
    });
  }

  private takeStep(step: StepRecord): void {
    this.step = step.i;
    const server = this.server(step.n);
    const own = step.actions.filter((item): item is ActionRecord => !('t' in item));
    this.begin(step, server);
    tellRole(this, server, step, own);
    tellElection(this, server, step, own);
    tellWrites(this, server, step, own);
    tellSnapshots(this, server, step, own);
    tellTransfer(this, server, own);
    tellRefusal(this, server, step, own);
    this.post(step, own);
    tellApplied(this, server, own);
    tellWaiting(this, server, step, own);
    tellAnswers(this, server, own);
    tellOutcomes(this, server, own);
    const world = step.actions.filter((item): item is WorldRecord => 't' in item);
    for (const record of world) tellWorld(this, record);
  }

  private begin(step: StepRecord, server: ToldServer): void {
    switch (step.k) {
      case 'started':
        server.start(step.boot, step.applied);
        this.tellStart(server);
        return;
      case 'delivered':
        tellArrival(this, server, step);
        return;
      case 'persisted':
        this.tellDurable(server, step.writeId);
        return;
      case 'persistFailed':
        server.fail(step.writeId);
        this.tell({
          nodes: [server.node],
          isArrival: true,
          weight: 85,
          text: (name) => `A write of ${name} fails: ${step.error}`,
        });
        return;
      case 'requested':
        server.hear(step.requests);
        return;
      case 'adminRequested':
        tellAsked(this, server, step);
        return;
      case 'snapshotTaken':
      case 'fired':
    }
  }

  private tellStart(server: ToldServer): void {
    const { node, boot, term, last, lastTerm, applied, snapshot } = server;
    if (boot === 0) return;
    const kept =
      snapshot === null ? '' : `a snapshot through index ${snapshot.lastIncludedIndex}, `;
    const log = `${kept}${last === 0 ? 'an empty log' : `a log through index ${last} (term ${lastTerm})`}`;
    const state = applied === 0 ? '' : `; its state machine has applied through index ${applied}`;
    this.tell({
      nodes: [node],
      isArrival: true,
      weight: 68,
      text: (name) => `${name} starts again with what is on its disk: term ${term}, ${log}${state}`,
    });
  }

  /** Of interest only where something follows from it. */
  private tellDurable(server: ToldServer, writeId: number): void {
    const done = server.pending.find(({ id }) => id === writeId);
    if (done !== undefined) {
      this.tell({
        nodes: [server.node],
        isArrival: true,
        isDisk: true,
        weight: 14,
        text: (name) => `The disk of ${name} has finished a write: ${writeWords(done)}`,
      });
    }
    server.persist(writeId);
  }

  /** Messages that leave. */
  private post(step: StepRecord, own: readonly ActionRecord[]): void {
    const { boot } = this.server(step.n);
    for (const action of own) {
      if (action.k !== 'sent') continue;
      const letter = { from: step.n, sentUs: step.t, senderBoot: boot, arrivals: 0 };
      this.letters.set(action.messageId, letter);
    }
  }
}

/** "index 3 (term 2)", "term 2 and a vote for S1". */
function writeWords({ write, last }: PendingWrite): string {
  switch (write.kind) {
    case 'hardState': {
      const vote = write.votedFor === 0 ? 'no vote' : `a vote for S${write.votedFor}`;
      return `term ${write.currentTerm} and ${vote}`;
    }
    case 'truncateFrom':
      return `the log ends before index ${write.index}`;
    case 'append':
    case 'overwrite': {
      const { entries } = write;
      const first = write.kind === 'append' ? last - entries.length + 1 : write.index;
      const terms = [...new Set(entries.map(({ term }) => term))].join(' and ');
      return `${indexes(first, first + entries.length - 1)} (term ${terms})`;
    }
    case 'compactTo':
      return `the log begins behind index ${write.index}`;
    case 'snapshot':
      return `a snapshot through index ${write.snapshot.lastIncludedIndex}`;
  }
}
