/**
 * The reference, or any other server of the contract, as a program of the protocol: what a
 * submission looks like from outside. Its bodies are the messages of the paper, which the bench does
 * not look into; it says what it is by claims.
 */
import type {
  AdminRequest,
  ClientRequest,
  CreateServer,
  Message,
  Server,
  ServerConfig,
  ServerEvent,
} from '../core/contract.ts';
import type { ProgramModule } from '../sim/adapters/module-program.ts';
import type { ProgramAction } from '../sim/protocol/actions.ts';
import { type Capabilities, capabilitiesSchema } from '../sim/protocol/capabilities.ts';
import type {
  ProgramChange,
  ProgramEvent,
  ProgramRequest,
  ProgramStartEvent,
} from '../sim/protocol/events.ts';
import type { Implementation } from '../sim/run.ts';
import { configOf, imageOf, nodeOf, ProgramOutboxOfServer } from './server-outbox-of-program.ts';

/** What the reference can do, in full. */
export const FULL_CAPABILITIES: Capabilities = capabilitiesSchema.parse({
  durability: 'explicit',
  reset: true,
  claims: true,
  requestBatches: true,
  snapshots: true,
  transfer: true,
  preVote: true,
  checkQuorum: true,
  membership: 'joint',
  reads: 'readIndex',
});

/** Of what the protocol says nothing: the program's own affair. */
export type OwnConfig = Partial<
  Pick<
    ServerConfig,
    'groupCommit' | 'applyBatchMax' | 'batchEntriesMax' | 'backtracking' | 'persistCommitIndex'
  >
>;

/** As a module that `moduleHost` takes. */
export function serverProgram(
  { createServer, createStateMachine }: Pick<Implementation, 'createServer' | 'createStateMachine'>,
  capabilities: Capabilities = FULL_CAPABILITIES,
  own: OwnConfig = {},
): ProgramModule {
  const isOwn = capabilities.stateMachine === 'own';
  return {
    name: 'reference',
    capabilities,
    createServer: () =>
      new ProgramOfServer(
        createServer,
        capabilities,
        own,
        isOwn ? () => createStateMachine(0) : null,
      ),
  };
}

class ProgramOfServer {
  private readonly createServer: CreateServer;
  private readonly capabilities: Capabilities;
  private readonly own: OwnConfig;
  private readonly createStore: (() => ReturnType<Implementation['createStateMachine']>) | null;
  private server: Server | null = null;
  private out: ProgramOutboxOfServer;

  constructor(
    createServer: CreateServer,
    capabilities: Capabilities,
    own: OwnConfig,
    createStore: (() => ReturnType<Implementation['createStateMachine']>) | null,
  ) {
    this.createServer = createServer;
    this.capabilities = capabilities;
    this.own = own;
    this.createStore = createStore;
    this.out = new ProgramOutboxOfServer(null);
  }

  handle(event: ProgramEvent): readonly ProgramAction[] {
    // A second start makes a new server, which remembers nothing.
    if (event.kind === 'start') {
      this.server = this.createServer();
      this.out = new ProgramOutboxOfServer(this.createStore?.() ?? null);
    }
    const { server, out } = this;
    const actions: ProgramAction[] = [];
    out.actions = actions;
    server!.step(this.serverEvent(event), out);
    if (this.capabilities.durability !== 'explicit') this.takeForSafe(event.now, actions);
    return actions;
  }

  /** The bench holds back what must wait, so every write counts as safe at once. */
  private takeForSafe(now: number, actions: readonly ProgramAction[]): void {
    for (let i = 0; i < actions.length; i += 1) {
      const action = actions[i]!;
      if (action.kind !== 'persist') continue;
      this.server!.step({ kind: 'persisted', now, wallClock: now, id: action.id }, this.out);
    }
  }

  private serverEvent(event: ProgramEvent): ServerEvent {
    const { now } = event;
    const wallClock = now;
    switch (event.kind) {
      case 'start':
        return this.startEvent(event);
      case 'message': {
        const body = event.body as unknown as Message;
        return { kind: 'message', now, wallClock, from: nodeOf(event.from), body };
      }
      case 'timer':
        return { kind: 'timer', now, wallClock, name: event.name };
      case 'request':
        return { kind: 'request', now, wallClock, requests: [this.requestOf(event)] };
      case 'requests':
        return {
          kind: 'request',
          now,
          wallClock,
          requests: event.requests.map((one) => this.requestOf(one)),
        };
      case 'persisted':
        return { kind: 'persisted', now, wallClock, id: event.id };
      case 'persistFailed':
        return { kind: 'persistFailed', now, wallClock, id: event.id, error: event.error };
      case 'snapshotTaken': {
        const data = this.out.snapshotData(event.ref);
        return { kind: 'snapshotTaken', now, wallClock, index: event.index, data };
      }
      case 'admin': {
        const request = adminRequestOf(event.change);
        return { kind: 'admin', now, wallClock, id: event.id, request };
      }
    }
  }

  private requestOf({ id, command, readOnly }: ProgramRequest): ClientRequest {
    const kept = { ...command, clientId: Number(command.clientId.slice(1)) };
    if (readOnly) this.out.noteRead(kept);
    return { id, command: kept, readOnly };
  }

  private startEvent(event: ProgramStartEvent): ServerEvent {
    const { now, self, index, members, boot, seed, durable, config } = event;
    return {
      kind: 'start',
      now,
      wallClock: now,
      self: nodeOf(self),
      index,
      members: members.map(nodeOf),
      boot,
      seed,
      image: durable === null ? null : imageOf(durable),
      applied: null,
      config: { ...configOf(this.capabilities, config), ...this.own },
    };
  }
}

function adminRequestOf(change: ProgramChange): AdminRequest {
  if ('takeSnapshot' in change) return { kind: 'takeSnapshot' };
  if ('transferTo' in change) return { kind: 'transferLeadership', to: nodeOf(change.transferTo) };
  const { members, learners } = change;
  return {
    kind: 'changeMembership',
    voters: members.map(nodeOf),
    learners: learners.map(nodeOf),
  };
}
