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
  /** The newest entry that was made for it, a configuration; null for none that is known. */
  made: MadeEntry | null;
  /** A server that was asked to stand for it (TimeoutNow) was elected in this term; 0 for none. */
  handedTerm: Term;
}

/** Where it stands, and its term: together they name it, whatever is forgotten of the logs. */
export interface MadeEntry {
  readonly index: LogIndex;
  readonly term: Term;
  isCommitted: boolean;
}

export class Administration {
  private readonly byId = new Map<string, AskedOfServer>();
  /** By the id of the message: for whom a server was asked to stand. */
  private readonly byMessage = new Map<number, AskedOfServer>();
  /** By term and candidate (term * 8 + node): for whom it stood. */
  private readonly byElection = new Map<number, AskedOfServer>();

  ask(asked: AskedOfServer): void {
    this.byId.set(asked.id, asked);
  }

  /**
   * For whom does the leader of `term` act now? Told only where one request of the kind can be meant:
   * it is open, and nobody else asked for the same in this reign whom it has told that it does not
   * know. null when in doubt.
   */
  behind(
    { node, boot }: Pick<AskedOfServer, 'node' | 'boot'>,
    term: Term,
    isMeant: (request: AdminRequest) => boolean,
  ): AskedOfServer | null {
    let found: AskedOfServer | null = null;
    for (const asked of this.byId.values()) {
      if (asked.node !== node || asked.boot !== boot || asked.reignTerm !== term) continue;
      if (asked.outcome !== null && asked.outcome !== 'unknown') continue;
      if (!isMeant(asked.request)) continue;
      if (found !== null) return null;
      found = asked;
    }
    return found === null || found.outcome !== null ? null : found;
  }

  /** Whom this entry was made for. */
  makerOf(index: LogIndex, term: Term): AskedOfServer | undefined {
    for (const asked of this.byId.values()) {
      if (asked.made?.index === index && asked.made.term === term) return asked;
    }
    return undefined;
  }

  /** This message asks a server to stand for it. */
  sendFor(asked: AskedOfServer, messageId: number): void {
    this.byMessage.set(messageId, asked);
  }

  /** A server that was asked by this message stands in this term. */
  standFor(messageId: number, node: NodeId, term: Term): void {
    const asked = this.byMessage.get(messageId);
    if (asked !== undefined) this.byElection.set(term * 8 + node, asked);
  }

  /** Whom it stood for, in this term; undefined also for what it did by itself. */
  stoodFor(node: NodeId, term: Term): AskedOfServer | undefined {
    return this.byElection.get(term * 8 + node);
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
