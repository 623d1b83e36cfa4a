/**
 * Histories of opaque programs, written by hand: what servers did, fact by fact. A step is opened by
 * what happens to a server and closed by the next thing that happens to anybody. Bodies and writes
 * say nothing, for nobody looks into them.
 */
import type { AdminRequest, Outcome, Write } from '../../../core/contract.ts';
import type { Command, Message, NodeId } from '../../../core/messages.ts';
import { CausalJudge } from '../../../invariants/causal/causal-judge.ts';
import type { CausalOptions } from '../../../invariants/causal/options.ts';
import type { Phase, SurvivingWrite } from '../../../invariants/facts.ts';

export interface SentBody {
  readonly id: number;
  readonly stamp: number;
  readonly from: NodeId;
  readonly to: NodeId;
}

interface Shadow {
  boot: number;
  applied: number;
  lastWriteId: number;
  unfinished: number[];
}

/** Election timeouts of these histories are at most this long. */
export const ELECTION_MS_MAX = 300;

const BODY = { kind: 'Opaque', term: 0, body: null, about: null } as unknown as Message;
const WRITE = { kind: 'opaque', write: { put: {} } } as unknown as Write;

export class OpaqueHistory {
  readonly judge: CausalJudge;
  readonly size: number;
  atUs = 0;
  private readonly durability: CausalOptions['durability'];
  private readonly shadows: Shadow[] = [];
  private readonly seqs = new Map<number, number>();
  private lastMessageId = 0;
  private lastRequest = 0;
  private openNode: NodeId = 0;

  constructor(size: number, options: Partial<CausalOptions> = {}) {
    this.size = size;
    this.durability = options.durability ?? 'explicit';
    this.judge = new CausalJudge({
      size,
      members: options.members ?? size,
      electionMsMax: ELECTION_MS_MAX,
      durability: this.durability,
      claims: true,
      disabled: new Set(),
      stopAtFirst: false,
      ...options,
    });
    for (let node = 0; node <= size; node += 1) {
      this.shadows.push({ boot: 0, applied: 0, lastWriteId: 0, unfinished: [] });
    }
    for (const node of this.everybody()) this.start(node);
  }

  // What happens to servers.

  start(node: NodeId): this {
    this.open(node);
    this.shadow(node).applied = 0;
    this.judge.started(this.atUs, node, this.shadow(node).boot, 0);
    return this;
  }

  /** Unfinished writes are lost but for the survivors: all of them, or none. */
  crash(node: NodeId, keep: 'all' | 'none' = 'none'): this {
    if (this.openNode === node) this.openNode = 0;
    else this.end();
    this.tick();
    const shadow = this.shadow(node);
    const survivors: SurvivingWrite[] = shadow.unfinished.map((writeId) => ({ writeId, kept: -1 }));
    this.judge.crashed(this.atUs, node, keep === 'all' ? survivors : []);
    shadow.boot += 1;
    shadow.unfinished = [];
    shadow.lastWriteId = 0;
    return this;
  }

  restart(node: NodeId, keep: 'all' | 'none' = 'none'): this {
    return this.crash(node, keep).start(node);
  }

  wake(node: NodeId): this {
    this.open(node);
    this.judge.fired(this.atUs, node, 'any');
    return this;
  }

  deliver({ from, to, id, stamp }: SentBody): this {
    this.open(to);
    this.judge.delivered(this.atUs, to, from, id, stamp, BODY);
    return this;
  }

  /** All unfinished writes of this server become safe, each in a step of its own. */
  flush(node: NodeId): this {
    const shadow = this.shadow(node);
    const { unfinished } = shadow;
    shadow.unfinished = [];
    if (this.durability === 'immediate') return this;
    for (const id of unfinished) {
      this.open(node);
      this.judge.persisted(this.atUs, node, id);
    }
    return this;
  }

  fail(node: NodeId): this {
    const shadow = this.shadow(node);
    for (const id of shadow.unfinished) {
      this.open(node);
      this.judge.persistFailed(this.atUs, node, id, 'disk full');
    }
    shadow.unfinished = [];
    return this;
  }

  ask(node: NodeId, id: string, request: AdminRequest): this {
    this.open(node);
    this.judge.adminRequested(this.atUs, node, id, request);
    return this;
  }

  // What servers do, in the open step.

  write(node: NodeId): this {
    const shadow = this.shadow(node);
    shadow.lastWriteId += 1;
    shadow.unfinished.push(shadow.lastWriteId);
    this.judge.persistIssued(node, shadow.lastWriteId, 'main', 0, WRITE);
    return this;
  }

  send(from: NodeId, to: NodeId): SentBody {
    this.lastMessageId += 1;
    const id = this.lastMessageId;
    return { id, stamp: this.judge.sent(from, to, id, 1, BODY), from, to };
  }

  claim(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: number): this {
    this.judge.claimed(node, role, term);
    return this;
  }

  apply(node: NodeId, command: Command): this {
    const shadow = this.shadow(node);
    shadow.applied += 1;
    this.judge.applied(node, shadow.applied, { term: 0, command });
    return this;
  }

  respond(node: NodeId, id: string, outcome: Outcome, hint: NodeId = 0): this {
    this.judge.responded(node, id, outcome, hint, null);
    return this;
  }

  halt(node: NodeId): this {
    this.judge.halted(node, 'tired');
    return this;
  }

  takeSnapshot(node: NodeId, data: string): this {
    this.judge.snapshotAsked(node, 0);
    this.open(node);
    this.judge.snapshotTaken(this.atUs, node, 0, data);
    return this;
  }

  restore(node: NodeId, position: number, data: string): this {
    this.shadow(node).applied = position;
    this.judge.restored(node, position, data);
    return this;
  }

  // Clients and the world.

  invoke(op: string, clientId = 1): Command {
    this.end();
    this.tick();
    const seq = (this.seqs.get(clientId) ?? 0) + 1;
    this.seqs.set(clientId, seq);
    this.judge.invoked(this.atUs, clientId, seq, op, op.startsWith('get '));
    return { clientId, seq, op };
  }

  /** A request for this command is handed to a server: returns its id. */
  request(node: NodeId, command: Command): string {
    this.open(node);
    this.lastRequest += 1;
    const id = `${command.clientId}.${command.seq}/${this.lastRequest}`;
    const readOnly = command.op.startsWith('get ');
    this.judge.requested(this.atUs, node, [{ id, command, readOnly }]);
    return id;
  }

  /** The client gets its answer in the open step. */
  tell(command: Command, outcome: 'ok' | 'fail' | 'info', value: string | null = null): this {
    this.judge.returned(this.atUs, command.clientId, command.seq, outcome, value);
    return this;
  }

  block(links: readonly (readonly [NodeId, NodeId])[]): this {
    this.end();
    this.tick();
    this.judge.blocked(
      this.atUs,
      links.map(([from, to]) => from * 8 + to),
    );
    return this;
  }

  phase(phase: Phase, core = this.everybody()): this {
    this.end();
    this.tick();
    this.judge.phaseBegan(this.atUs, phase, core);
    return this;
  }

  /** Time passes, with a look every 100 ms. */
  pass(ms: number): this {
    this.end();
    for (let rest = ms; rest > 0; rest -= 100) {
      this.atUs += 100_000;
      this.judge.inspected(this.atUs);
    }
    return this;
  }

  // Whole passages, as a correct program would act.

  /** `leader` stands and is elected by these voters; all votes are on disk. */
  elect(leader: NodeId, term: number, voters: readonly NodeId[]): this {
    this.wake(leader).write(leader).claim(leader, 'candidate', term);
    const asks = voters.map((voter) => this.send(leader, voter));
    this.flush(leader);
    for (const ask of asks) {
      this.deliver(ask).write(ask.to).flush(ask.to).deliver(this.send(ask.to, leader));
    }
    return this.claim(leader, 'leader', term);
  }

  /** `to` gets a message of `from` that it sends now, writes, and confirms. */
  replicate(from: NodeId, to: NodeId): this {
    const message = this.wake(from).send(from, to);
    return this.deliver(message).write(to).flush(to).deliver(this.send(to, from));
  }

  /** A command that is asked for, replicated to these followers, applied by the leader and answered. */
  commit(leader: NodeId, op: string, followers: readonly NodeId[], clientId = 1): Command {
    const command = this.invoke(op, clientId);
    const id = this.request(leader, command);
    this.write(leader).flush(leader);
    for (const follower of followers) this.replicate(leader, follower);
    this.wake(leader).apply(leader, command).respond(leader, id, 'ok').tell(command, 'ok');
    return command;
  }

  /** These servers hear from the leader, and apply. */
  spread(leader: NodeId, command: Command, followers: readonly NodeId[]): this {
    for (const follower of followers) {
      this.deliver(this.wake(leader).send(leader, follower)).apply(follower, command);
    }
    return this;
  }

  // What came of it.

  /** "property/rule" of each violation, in order. */
  get findings(): string[] {
    this.end();
    return this.judge.violations.map(({ property, rule }) => `${property}/${rule}`);
  }

  get details(): string[] {
    this.end();
    return this.judge.violations.map(({ detail }) => detail);
  }

  everybody(): NodeId[] {
    return Array.from({ length: this.size }, (_, i) => i + 1);
  }

  end(): this {
    if (this.openNode !== 0) this.judge.stepEnded(this.openNode);
    this.openNode = 0;
    return this;
  }

  private open(node: NodeId): void {
    this.end();
    this.tick();
    this.openNode = node;
  }

  private tick(): void {
    this.atUs += 1_000;
  }

  private shadow(node: NodeId): Shadow {
    return this.shadows[node]!;
  }
}
