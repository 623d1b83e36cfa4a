/**
 * What the judge makes of the time after the faults: has everything settled, does anything still
 * move, and if not, is there an excuse?
 */
import type { NodeId, Term } from '../../core/messages.ts';
import { owedToOperator, reportOperatorForgotten } from '../clients/no-operator-forgotten.ts';
import type { Phase } from '../facts.ts';
import type { JudgeOptions } from '../judge-options.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { reigns } from '../ledgers/server-view.ts';
import {
  missingAnswer,
  missingChange,
  missingContact,
  missingEntries,
  missingServer,
} from '../liveness/agreement.ts';
import { reportNotSettled } from '../liveness/configuration-settles.ts';
import { reportNotConverged } from '../liveness/convergence.ts';
import { EXCUSE_OF_EMPTY_CORE, excuseOf, excuseOfDisturbance } from '../liveness/electable.ts';
import { reportNoLeader } from '../liveness/leader-election-liveness.ts';
import { checkStability } from '../liveness/leader-stability.ts';
import { membersOf } from '../liveness/membership.ts';
import { Potential } from '../liveness/potential.ts';
import { Reachability } from '../liveness/reachability.ts';
import { reportNotReplicated } from '../liveness/replication-liveness.ts';
import { reportNoTraffic } from '../liveness/traffic-progress.ts';

/** Stuck: nothing has moved for so many of the longest election timeouts. */
const ELECTION_TIMEOUTS_MAX = 50;

type SettlingOptions = Pick<JudgeOptions, 'electionMsMax' | 'preVote' | 'checkQuorum'>;

export class Settling {
  readonly links = new Reachability();
  phase: Phase = 'chaos';
  core: readonly NodeId[] = [];
  /** Nothing moves any more, and not everything is done. */
  isStuck = false;
  /** Why standing still is right; null otherwise. */
  excuse: string | null = null;
  /** Has everything converged in this quiet? */
  hasConverged = false;
  /** When everything had. */
  convergedUs = 0;
  private readonly ledgers: Ledgers;
  private readonly options: SettlingOptions;
  private readonly patienceUs: number;
  private potential: Potential;
  private movedUs = 0;
  /** Elections that members of the core have begun since then. */
  private elections = 0;
  private electionTerm: Term = 0;
  /** The removed server that stood for election last, and when. */
  private disturber: NodeId = 0;
  private disturbedUs = -1;
  private acknowledged = 0;
  /** When a client asked first since the last acknowledgement; -1 for not yet. */
  private askedUs = -1;

  constructor(ledgers: Ledgers, options: SettlingOptions) {
    this.ledgers = ledgers;
    this.options = options;
    this.patienceUs = ELECTION_TIMEOUTS_MAX * options.electionMsMax * 1000;
    this.potential = new Potential(ledgers, [], 0);
  }

  /** True from the heal on. */
  get isWatching(): boolean {
    return this.phase !== 'chaos';
  }

  begin(phase: Phase, core: readonly NodeId[]): void {
    this.phase = phase;
    this.core = core;
    this.movedUs = this.ledgers.docket.atUs;
    this.acknowledged = this.ledgers.statistics.acknowledged;
    this.askedUs = -1;
    if (phase === 'heal' && core.length === 0) this.excuse = EXCUSE_OF_EMPTY_CORE;
    if (phase === 'heal' || phase === 'quiet') {
      this.potential = new Potential(this.ledgers, core, this.longestLog() + 1);
    }
  }

  noteCandidate(node: NodeId, term: Term): void {
    const { ledgers, core } = this;
    if (term <= this.electionTerm || !core.includes(node)) return;
    if (!membersOf(ledgers, core, this.newestLeader()).includes(node)) {
      this.disturber = node;
      this.disturbedUs = ledgers.docket.atUs;
      return;
    }
    this.electionTerm = term;
    this.elections += 1;
  }

  noteAppend(term: Term, follower: NodeId, prevLogIndex: number): void {
    this.potential.noteProbe(term, follower, prevLogIndex);
  }

  noteInvoked(atUs: number): void {
    if (this.askedUs < 0) this.askedUs = atUs;
  }

  /** A regular look. */
  inspect(): void {
    if (this.isStuck) return;
    switch (this.phase) {
      case 'heal':
      case 'quiet':
        this.watchSettling();
        return;
      case 'traffic':
        this.watchTraffic();
        return;
      case 'chaos':
      case 'end':
    }
  }

  /** All of the core are up, hear one leader, and have its log on disk and applied to its end. */
  isConverged(): boolean {
    return this.missing() === null;
  }

  /** What is waited for, as a sentence without a full stop; null when converged. */
  missing(): string | null {
    const { ledgers, core } = this;
    const leader = this.newestLeader();
    const members = membersOf(ledgers, core, leader);
    const absent = missingServer(ledgers, members);
    if (absent !== null) return absent;
    if (leader === 0) return 'no server of the core leads';
    const reached = this.reachedBy(leader, members);
    const unheard = missingContact(ledgers, reached, leader);
    if (unheard !== null) return unheard;
    // The rest of its configuration may be dead: then nothing new is committed, and no read served.
    if (!this.isHeardByMajority(leader)) return `no majority of its servers hears S${leader}`;
    const { last } = ledgers.server(leader).issued;
    if (ledgers.commits.last < last) {
      return `${ledgers.commits.last} of the ${last} entries of S${leader} are committed`;
    }
    return (
      missingChange(ledgers, leader) ??
      missingEntries(ledgers, reached, leader) ??
      missingAnswer(ledgers, core)
    );
  }

  /**
   * With pre-vote and check-quorum a cluster settles although some link is dead for good, and who
   * cannot hear the leader waits.
   */
  private reachedBy(leader: NodeId, members: readonly NodeId[]): readonly NodeId[] {
    if (!this.options.preVote || !this.options.checkQuorum) return members;
    return members.filter((node) => node === leader || this.links.isConnected(leader, node));
  }

  private watchSettling(): void {
    const { atUs } = this.ledgers.docket;
    if (this.phase === 'quiet' && !this.hasConverged && this.isConverged()) {
      this.hasConverged = true;
      this.convergedUs = atUs;
      this.elections = 0;
    }
    if (this.hasConverged) {
      this.movedUs = atUs;
      if (!this.isDisturbedSince(this.convergedUs)) {
        checkStability(this.ledgers, this.elections, this.convergedUs);
      }
      return;
    }
    if (this.potential.hasRisen(this.newestLeader())) this.movedUs = atUs;
    if (atUs - this.movedUs > this.patienceUs) this.declareStuck();
  }

  private watchTraffic(): void {
    const { docket, statistics } = this.ledgers;
    if (statistics.acknowledged > this.acknowledged) {
      this.acknowledged = statistics.acknowledged;
      this.movedUs = docket.atUs;
      this.askedUs = -1;
    }
    if (this.askedUs < 0) return;
    if (docket.atUs - Math.max(this.askedUs, this.movedUs) > this.patienceUs) this.declareStuck();
  }

  private declareStuck(): void {
    const { ledgers, core } = this;
    this.isStuck = true;
    this.excuse = excuseOf(ledgers, this.links, core);
    const lately = ledgers.docket.atUs - this.patienceUs / 5;
    if (this.isDisturbedSince(lately)) this.excuse ??= excuseOfDisturbance(this.disturber);
    if (this.excuse !== null) return;
    const waited = `Nothing has moved for ${ELECTION_TIMEOUTS_MAX} election timeouts`;
    const seen = this.missing() ?? 'all logs are the same and applied';
    const leader = this.newestLeader();
    if (this.phase === 'traffic') reportNoTraffic(ledgers, waited, seen);
    else if (leader === 0 || !this.isHeardByMajority(leader)) reportNoLeader(ledgers, waited, seen);
    else if (ledgers.commits.last < ledgers.server(leader).issued.last) {
      reportNotReplicated(ledgers, waited, seen);
    } else if (missingChange(ledgers, leader) !== null) {
      reportNotSettled(ledgers, this.isJoint(leader), waited, seen);
    } else this.reportLast(leader, waited, seen);
  }

  private reportLast(leader: NodeId, waited: string, seen: string): void {
    const { ledgers, core } = this;
    const reached = this.reachedBy(leader, membersOf(ledgers, core, leader));
    const owed = owedToOperator(ledgers, core);
    if (owed === null || missingEntries(ledgers, reached, leader) !== null) {
      reportNotConverged(ledgers, waited, seen);
    } else reportOperatorForgotten(ledgers, owed, waited, seen);
  }

  private isJoint(leader: NodeId): boolean {
    const { log, configurations } = this.ledgers;
    return configurations.isJoint(log.configurationOf(this.ledgers.server(leader).issued.tip));
  }

  /**
   * Has a removed server stood for election, where nothing is on that keeps it from disturbing the
   * others: pre-vote or check-quorum?
   */
  private isDisturbedSince(atUs: number): boolean {
    const { preVote, checkQuorum } = this.options;
    return !preVote && !checkQuorum && this.disturbedUs >= atUs;
  }

  /** The live member of the core that leads in the newest term; 0 for none. */
  private newestLeader(): NodeId {
    let newest = 0;
    for (const node of this.core) {
      const server = this.ledgers.server(node);
      if (!server.isUp || !reigns(server)) continue;
      if (newest === 0 || server.reignTerm > this.ledgers.server(newest).reignTerm) newest = node;
    }
    return newest;
  }

  private isHeardByMajority(leader: NodeId): boolean {
    const { log, configurations } = this.ledgers;
    const { reignTerm, issued } = this.ledgers.server(leader);
    let hearing = 1 << leader;
    for (const node of this.core) {
      if (this.ledgers.server(node).heardTerm === reignTerm) hearing |= 1 << node;
    }
    return configurations.isQuorum(log.configurationOf(issued.tip), hearing);
  }

  private longestLog(): number {
    let longest = 0;
    for (const node of this.core) {
      const { issued, durable } = this.ledgers.server(node);
      longest = Math.max(longest, issued.last, durable.last);
    }
    return longest;
  }
}
