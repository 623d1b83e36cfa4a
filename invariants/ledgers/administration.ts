/** What operators have asked for: which life of which server, and what came of it. */
import type { AdminRequest, Outcome } from '../../core/contract.ts';
import type { LogIndex, NodeId, Term } from '../../core/messages.ts';

export interface AskedOfServer {
  readonly id: string;
  readonly node: NodeId;
  readonly boot: number;
  readonly request: AdminRequest;
  readonly askedUs: number;
  /** The step in which it was asked. */
  readonly step: number;
  /** What was committed anywhere when it was asked. */
  readonly committedBefore: LogIndex;
  /** The term that the server led when it was asked; 0 when it did not lead. */
  readonly reignTerm: Term;
  /** What the server had applied when it was asked. */
  readonly appliedBefore: LogIndex;
  /** null until that life has answered. */
  outcome: Outcome | null;
}

export class Administration {
  private readonly byId = new Map<string, AskedOfServer>();

  ask(asked: AskedOfServer): void {
    this.byId.set(asked.id, asked);
  }

  /** undefined for what no operator has asked for, as the requests of clients. */
  find(id: string): AskedOfServer | undefined {
    return this.byId.size === 0 ? undefined : this.byId.get(id);
  }

  /** What this life was asked for and has not answered, oldest first. */
  open(node: NodeId, boot: number): AskedOfServer[] {
    if (this.byId.size === 0) return [];
    return [...this.byId.values()].filter((asked) => {
      return asked.node === node && asked.boot === boot && asked.outcome === null;
    });
  }
}
