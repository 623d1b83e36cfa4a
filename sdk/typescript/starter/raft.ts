/**
 * Your Raft. Keep Figure 2 of the Raft paper beside you: https://raft.github.io/raft.pdf
 *
 * The bench calls these methods, one at a time, and carries out what they ask for. whitewater.ts has
 * all that you can ask for. console.log shows in the log.
 */
import { type Capabilities, type Disk, type Request, Server } from '../whitewater.ts';

const ELECTION_MS = [150, 300] as const;
const HEARTBEAT_MS = 50;

/** What your servers send each other: anything that JSON can carry. */
type Message = { readonly type: string; readonly term: number };

/** What stands in your log on disk. */
type Entry = { readonly term: number; readonly op: string };

export class Raft extends Server<Message, Entry> {
  /** What your server can do. What it does not declare is not tested, and earns nothing. */
  override readonly capabilities: Capabilities = {
    // const id = this.persist({ put: { term: 1 } }); this.whenDurable(id, () => this.send(...));
    durability: 'explicit',
    // this.claim('candidate', term) when it stands, this.claim('leader', term) when it leads.
    claims: true,
    // A second createServer() remembers nothing of the first.
    reset: true,
    electionMs: ELECTION_MS,
    heartbeatMs: HEARTBEAT_MS,
  };

  /** First boot and every restart: this.me is this server, this.peers are the others. */
  override start(_disk: Disk): void {
    // Milestone 1: this.setTimer('election', ...ELECTION_MS);
  }

  /** A timer ran out. "election": stand. "heartbeat": send. */
  override timer(_name: string): void {}

  /** What another server has sent with this.send(to, body). */
  override message(_from: string, _body: Message): void {}

  /** A client asks. Only a leader may accept; `command.op` is a text to be applied, not understood. */
  override request({ id }: Request): void {
    this.respond(id, 'redirect', { hint: null });
  }
}

export const createServer = () => new Raft();
