/**
 * What the judge makes of the time after the faults: has everything settled, does anything still
 * move, and if not, is there an excuse? Told from claims, links and what servers apply.
 */
import type { NodeId } from '../../core/messages.ts';
import type { Phase } from '../facts.ts';
import {
  excuseOf,
  isHeardByMajority,
  membersAmong,
  missingApplied,
  missingContact,
  missingServer,
  newestLeader,
  reachedBy,
} from './agreement.ts';
import type { CausalLedgers } from './causal-ledgers.ts';
import { reportNoLeader, reportNoTraffic, reportNotConverged } from './progress.ts';

/** Stuck: nothing has moved for so many of the longest election timeouts. */
const ELECTION_TIMEOUTS_MAX = 50;

export class ProgramSettling {
  phase: Phase = 'chaos';
  core: readonly NodeId[] = [];
  /** Nothing moves any more, and not everything is done. */
  isStuck = false;
  /** Why standing still is right; null otherwise. */
  excuse: string | null = null;
  private readonly ledgers: CausalLedgers;
  private readonly patienceUs: number;
  private movedUs = 0;
  /** The most that was ever reached in this phase: applied commands, and who has heard the leader. */
  private reached = 0;
  private acknowledged = 0;
  /** When a client asked first since the last acknowledgement; -1 for not yet. */
  private askedUs = -1;
  /**
   * Everything is quiet, and some have not applied what others had: a leader may need a command of
   * its own term before it commits those of earlier ones (§5.4.2), and clients bring one. Through
   * here all must have got then; -1 for nothing owed.
   */
  private owedThrough = -1;
  private phaseUs = 0;

  constructor(ledgers: CausalLedgers) {
    this.ledgers = ledgers;
    this.patienceUs = ELECTION_TIMEOUTS_MAX * ledgers.options.electionMsMax * 1000;
  }

  begin(phase: Phase, core: readonly NodeId[]): void {
    const { atUs } = this.ledgers.docket;
    if (phase === 'end') this.checkOwed('when the run ended');
    this.phase = phase;
    this.core = core;
    this.movedUs = atUs;
    this.phaseUs = atUs;
    this.reached = 0;
    this.acknowledged = this.ledgers.statistics.acknowledged;
    this.askedUs = -1;
  }

  noteInvoked(atUs: number): void {
    if (this.askedUs < 0) this.askedUs = atUs;
  }

  /** A regular look. */
  inspect(): void {
    if (this.isStuck) return;
    if (this.phase === 'heal' || this.phase === 'quiet') this.watchSettling();
    else if (this.phase === 'traffic') this.watchTraffic();
  }

  isConverged(): boolean {
    return this.owedThrough >= 0 || this.missing() === null;
  }

  /** What is waited for, as a sentence without a full stop; null when everything has settled. */
  missing(): string | null {
    const { ledgers } = this;
    const members = membersAmong(ledgers, this.core);
    const absent = missingServer(ledgers, members);
    if (absent !== null) return absent;
    if (!ledgers.options.claims) return missingApplied(ledgers, members);
    const leader = newestLeader(ledgers, this.core);
    if (leader === 0) return 'no server says that it leads';
    const reached = reachedBy(ledgers, leader, members);
    const unheard = missingContact(ledgers, reached, leader);
    if (unheard !== null) return unheard;
    if (!isHeardByMajority(ledgers, leader)) return `no majority hears n${leader}, which leads`;
    return missingApplied(ledgers, reached);
  }

  private watchSettling(): void {
    const { ledgers } = this;
    const { atUs } = ledgers.docket;
    if (this.hasRisen() || this.isConverged()) this.movedUs = atUs;
    if (atUs - this.movedUs <= this.patienceUs) return;
    if (this.phase === 'quiet' && this.isOnlyBehind()) this.owedThrough = ledgers.sequence.length;
    else this.declareStuck();
  }

  /** Has more been applied, or more servers heard the leader, than ever in this phase? */
  private hasRisen(): boolean {
    const { ledgers, core } = this;
    let reached = ledgers.sequence.length;
    for (const node of core) reached += ledgers.server(node).lastApplied;
    const leader = newestLeader(ledgers, core);
    for (const node of core) {
      if (leader !== 0 && missingContact(ledgers, [node], leader) === null) reached += 1;
    }
    if (reached <= this.reached) return false;
    this.reached = reached;
    return true;
  }

  /** Everybody is there and hears the leader; only what is applied differs. */
  private isOnlyBehind(): boolean {
    const { ledgers, core } = this;
    const members = membersAmong(ledgers, core);
    if (missingServer(ledgers, members) !== null) return false;
    if (!ledgers.options.claims) return true;
    const leader = newestLeader(ledgers, this.core);
    if (leader === 0 || !isHeardByMajority(ledgers, leader)) return false;
    return missingContact(ledgers, reachedBy(ledgers, leader, members), leader) === null;
  }

  private watchTraffic(): void {
    const { docket, statistics } = this.ledgers;
    if (statistics.acknowledged > this.acknowledged) {
      this.acknowledged = statistics.acknowledged;
      this.movedUs = docket.atUs;
      this.askedUs = -1;
      if (docket.atUs - this.phaseUs > this.patienceUs) {
        this.checkOwed(`after ${ELECTION_TIMEOUTS_MAX} election timeouts with clients`);
      }
    }
    if (this.askedUs < 0) return;
    if (docket.atUs - Math.max(this.askedUs, this.movedUs) > this.patienceUs) this.declareStuck();
  }

  /** Clients have asked for more since, and still somebody has not applied what was owed. */
  private checkOwed(when: string): void {
    const { ledgers, owedThrough } = this;
    if (owedThrough < 0 || this.phase !== 'traffic') return;
    for (const node of membersAmong(ledgers, this.core)) {
      const { lastApplied } = ledgers.server(node);
      if (lastApplied >= owedThrough) continue;
      const seen = `n${node} has applied ${lastApplied} commands of the ${owedThrough} that were applied before clients were silent`;
      reportNotConverged(ledgers, `${when}, ${seen}`);
      return;
    }
    this.owedThrough = -1;
  }

  private declareStuck(): void {
    const { ledgers } = this;
    this.isStuck = true;
    this.excuse = excuseOf(ledgers, this.core);
    if (this.excuse !== null) return;
    const waited = `nothing has moved for ${ELECTION_TIMEOUTS_MAX} election timeouts`;
    const seen = `${waited}: ${this.missing() ?? 'all servers have applied the same commands'}`;
    if (this.phase === 'traffic') reportNoTraffic(ledgers, seen);
    else if (this.isLed()) reportNotConverged(ledgers, seen);
    else reportNoLeader(ledgers, seen);
  }

  /** Does somebody lead whom a majority hears, as far as claims tell? */
  private isLed(): boolean {
    const { ledgers } = this;
    if (!ledgers.options.claims) return true;
    const leader = newestLeader(ledgers, this.core);
    return leader !== 0 && isHeardByMajority(ledgers, leader);
  }
}
