/** What the bench knows of all programs of one run together: what they were handed, and may use. */
import type { ClientRequest } from '../../core/contract.ts';
import type { Command, LogIndex, NodeId } from '../../core/messages.ts';
import type { Capabilities } from '../protocol/capabilities.ts';
import type { Program, ProgramHost } from '../protocol/program.ts';
import { strangeCommand, wireId, wireOp } from './program-words.ts';

export class ProgramRun {
  readonly host: ProgramHost;
  readonly capabilities: Capabilities;
  /** Servers are 1 … size, spare ones included. */
  readonly size: number;
  /** By the op as it stands on the wire: what some server was handed. */
  private readonly commands = new Map<string, Command>();
  /** Attempts that some server was handed, as they stand on the wire. */
  private readonly attempts = new Set<string>();
  /** Those of them that only read. */
  private readonly reads = new Set<string>();
  private readonly positions = new Map<string, LogIndex>();
  /** Per server: the program of its last life, and whether a write of it has ever failed. */
  private readonly programs: (Program | null)[];
  private readonly failed: boolean[];

  constructor(host: ProgramHost, size: number) {
    this.host = host;
    this.capabilities = host.ready.capabilities;
    this.size = size;
    this.programs = new Array(size + 1).fill(null);
    this.failed = new Array(size + 1).fill(false);
  }

  /** A life begins, and the one before it has ended. */
  begin(node: NodeId): Program {
    this.programs[node]?.end();
    this.programs[node] = null;
    const program = this.host.begin();
    this.programs[node] = program;
    return program;
  }

  end(): void {
    for (const program of this.programs) program?.end();
    this.programs.fill(null);
  }

  /** A client's request goes to a server: the op that stands on the wire. */
  handRequest({ id, command, readOnly }: ClientRequest): string {
    const op = wireOp(command);
    if (!this.commands.has(op)) this.commands.set(op, command);
    const attempt = wireId(id);
    this.attempts.add(attempt);
    if (readOnly) this.reads.add(attempt);
    return op;
  }

  handAdmin(id: string): void {
    this.attempts.add(id);
  }

  hasHanded(attempt: string): boolean {
    return this.attempts.has(attempt);
  }

  isRead(attempt: string): boolean {
    return this.reads.has(attempt);
  }

  /** The last attempts that were handed out, as they stand on the wire. */
  lastHanded(): string[] {
    return [...this.attempts].slice(-50);
  }

  /** Text that nobody was handed is nobody's command: that is for the judge to say. */
  commandOf(op: string): Command {
    return this.commands.get(op) ?? strangeCommand(op);
  }

  /** A text that stands for the state after so many commands. */
  handSnapshot(position: LogIndex, state: string): string {
    const ref = `${position}:${state}`;
    this.positions.set(ref, position);
    return ref;
  }

  /** How many commands the text stands for; undefined when nobody was handed it. */
  positionOf(ref: string): LogIndex | undefined {
    return this.positions.get(ref);
  }

  noteFailedWrite(node: NodeId): void {
    this.failed[node] = true;
  }

  hasFailedWrite(node: NodeId): boolean {
    return this.failed[node]!;
  }
}
