/** Everything the properties share: what happened so far, as the world saw it. */
import type { NodeId } from '../../core/messages.ts';
import type { Docket } from '../docket.ts';
import type { JudgeOptions } from '../judge-options.ts';
import type { Property } from '../property.ts';
import { Situations } from '../situation.ts';
import type { Finding, Role } from '../violation.ts';
import { AcknowledgedWrites } from './acknowledged-writes.ts';
import { Administration } from './administration.ts';
import { Attempts } from './attempts.ts';
import { Commands } from './commands.ts';
import { Applications, Commits } from './commits.ts';
import { Configurations } from './configurations.ts';
import { IntVector } from './int-vector.ts';
import { Leaders } from './leaders.ts';
import { LogLedger } from './log-ledger.ts';
import { Replay } from './replay.ts';
import { newServerView, reigns, type ServerView } from './server-view.ts';
import { Statistics } from './statistics.ts';
import { TakenSnapshots } from './taken-snapshots.ts';
import { Traffic } from './traffic.ts';
import { Votes } from './votes.ts';

export class Ledgers {
  /** Servers are 1 … size. */
  readonly size: number;
  /** Servers 1 … members are the voters at the start; the others are spare. */
  readonly members: number;
  readonly docket: Docket;
  readonly configurations: Configurations;
  readonly log = new LogLedger();
  readonly commands: Commands;
  readonly votes = new Votes();
  readonly leaders = new Leaders();
  readonly commits = new Commits();
  readonly applications = new Applications();
  readonly attempts = new Attempts();
  readonly administration = new Administration();
  readonly acknowledged = new AcknowledgedWrites();
  readonly replay: Replay;
  /** Commands that were answered before they were carried out, by number: mostly for a moment. */
  readonly unconfirmed: number[] = [];
  /** Of the commands that were carried out, the one invoked last. */
  readonly newest = { payload: 0, invokedUs: -1 };
  readonly taken = new TakenSnapshots();
  readonly traffic = new Traffic();
  readonly situations = new Situations();
  readonly statistics = new Statistics();
  /** By term and follower (term * 8 + node): the longest log its leader's messages brought it. */
  readonly stamps = new IntVector(512);
  /** By node; place 0 is not used. */
  readonly servers: ServerView[] = [];
  /** Some link is blocked in one direction only. */
  hasOneWayCut = false;
  /** A log on some disk has lost its beginning to a snapshot since anything was forgotten last. */
  hasCompacted = false;
  /** Fewer entries than this are not worth the work of forgetting them. */
  forgottenMin = 512;

  constructor({ size, members, sessionExpiryMs }: JudgeOptions, docket: Docket) {
    this.size = size;
    this.configurations = new Configurations(members);
    this.commands = new Commands(this.configurations);
    this.members = members;
    this.replay = new Replay(sessionExpiryMs);
    this.docket = docket;
    for (let node = 0; node <= size; node += 1) this.servers.push(newServerView(node));
  }

  server(node: NodeId): ServerView {
    return this.servers[node]!;
  }

  /** The configuration that is committed last, as a number. */
  get configurationNow(): number {
    return this.log.configurationOf(this.commits.idAt(this.commits.last));
  }

  /** Is a failure of this property still news? Spares the work of describing it. */
  wants(property: Property): boolean {
    return this.docket.wants(property);
  }

  report(property: Property, finding: Finding): void {
    this.docket.report(property, this.roleOf(finding.node), finding);
  }

  private roleOf(node: NodeId): Role {
    const server = this.servers[node];
    if (server === undefined || node === 0) return 'none';
    if (reigns(server)) return 'leader';
    return server.issuedVote === node ? 'candidate' : 'follower';
  }
}
