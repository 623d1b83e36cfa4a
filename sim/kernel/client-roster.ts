/** Who the clients are, and which of their commands are out. */
import type { Command, NodeId } from '../../core/messages.ts';
import { type Client, clientOf, newClient, type Operation } from './operation.ts';
import type { Plan } from './plan.ts';

/** Scripted clients are numbered from here. */
const SCRIPT_BASE = 101;

export class ClientRoster {
  readonly clients: readonly Client[];
  /** One for each item of the script. */
  readonly scripted: readonly Client[];
  /** So many reads of each client stand at the end of a run. */
  private readonly finalReads: number;

  constructor(plan: Plan, hasReads: boolean) {
    const { clients, script, keys } = plan.workload;
    this.finalReads = hasReads ? keys : 0;
    this.clients = Array.from({ length: clients }, (_, i) => newClient(plan, i + 1, false));
    this.scripted = script.map((_, i) => newClient(plan, SCRIPT_BASE + i, true));
  }

  /** A state machine has applied a command of this client, with this result. */
  noteApplied(node: NodeId, boot: number, command: Command, value: string | null): void {
    const client = this.find(command.clientId);
    if (client === undefined) return;
    const { current } = client;
    for (let i = 0; i < current.length; i += 1) {
      const operation = current[i]!;
      if (operation.command.seq !== command.seq) continue;
      if (operation.node !== node || operation.boot !== boot) continue;
      operation.isApplied = true;
      operation.value = value;
    }
  }

  /** The attempt with this id, while it waits for its answer; ids begin with the client. */
  waiting(id: string): Operation | undefined {
    const client = this.find(clientOf(id));
    if (client === undefined) return undefined;
    for (const operation of client.current) {
      if (operation.id === id && operation.node !== 0 && !operation.isDone) return operation;
    }
    return undefined;
  }

  /** Has it made all the reads that stand at the end of a run? */
  hasRead(client: Client): boolean {
    return client.finalReads >= this.finalReads;
  }

  haveAllRead(): boolean {
    return this.clients.every((client) => this.hasRead(client));
  }

  private find(clientId: number): Client | undefined {
    return clientId >= SCRIPT_BASE
      ? this.scripted[clientId - SCRIPT_BASE]
      : this.clients[clientId - 1];
  }
}
