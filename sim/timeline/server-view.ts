/** What the timeline knows of a server: what it last claimed to be, and its log. */
import type { NodeId, Term } from '../../core/messages.ts';
import { LogLength } from './log-length.ts';
import type { NameOf } from './server-name.ts';

/** `none` before the first claim of a life. */
export type ShownRole = 'follower' | 'candidate' | 'leader' | 'paused' | 'down' | 'none';

export class ServerView {
  readonly nameOf: NameOf;
  readonly log = new LogLength();
  /** Of its last claim, or a later one that it has written. */
  term: Term = 0;
  isUp = false;
  isPaused = false;
  private claimed: 'follower' | 'candidate' | 'leader' | 'none' = 'none';

  constructor(nameOf: NameOf) {
    this.nameOf = nameOf;
  }

  get role(): ShownRole {
    if (!this.isUp) return 'down';
    return this.isPaused ? 'paused' : this.claimed;
  }

  start(): void {
    this.isUp = true;
  }

  claim(role: 'follower' | 'candidate' | 'leader', term: Term): void {
    this.claimed = role;
    this.term = term;
  }

  stop(): void {
    this.isUp = false;
    this.isPaused = false;
    this.claimed = 'none';
    this.term = 0;
  }
}

/** One view per server, made when it is first asked for. */
export class ServerViews {
  readonly nameOf: NameOf;
  private readonly views: ServerView[] = [];

  constructor(nameOf: NameOf) {
    this.nameOf = nameOf;
  }

  of(node: NodeId): ServerView {
    this.views[node] ??= new ServerView(this.nameOf);
    return this.views[node];
  }
}
