/**
 * Old messages of every link, lost ones too, that may come once more: an acknowledgement of a reign
 * that is over, a vote of a term that nobody stands in any more. Messages of earlier terms are
 * worth more than those of the present one, so each link keeps some of both.
 */
import type { Message, NodeId, Term } from '../../core/messages.ts';
import { LINK_BASE } from './link.ts';
import { isOpaque } from './opaque.ts';
import { isOfLeader, isPreVote } from './reign.ts';

export interface Grave {
  readonly from: NodeId;
  readonly id: number;
  readonly stamp: number;
  readonly term: Term;
  readonly body: Message;
}

export type Exhumable = 'earlierReign' | 'earlierTerm' | 'any';

/** So many of earlier terms, and of the newest one, are kept per link. */
const EARLIER_MAX = 64;
const PRESENT_MAX = 32;

interface Plot {
  term: Term;
  present: Grave[];
  earlier: Grave[];
}

export class Graveyard {
  private readonly plots: (Plot | null)[] = new Array(LINK_BASE * LINK_BASE).fill(null);
  /** Per server: the newest term that it has spoken in, and the terms that it has led. */
  private readonly terms: Term[] = new Array(LINK_BASE).fill(0);
  private readonly reigns: Set<Term>[] = Array.from({ length: LINK_BASE }, () => new Set());
  /** The newest term that a program has claimed to stand or lead in: that of all opaque bodies. */
  private claimedTerm: Term = 0;
  private hasOpaque = false;

  noteClaim(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (role === 'follower') return;
    if (term > this.claimedTerm) this.claimedTerm = term;
    if (term > this.terms[node]!) this.terms[node] = term;
    if (role === 'leader') this.reigns[node]!.add(term);
  }

  bury(link: number, id: number, stamp: number, body: Message): void {
    const from = Math.floor(link / LINK_BASE);
    const term = this.termOf(body);
    if (term > this.terms[from]! && !isPreVote(body)) this.terms[from] = term;
    if (isOfLeader(body)) this.reigns[from]!.add(term);
    let plot = this.plots[link]!;
    if (plot === null) {
      plot = { term, present: [], earlier: [] };
      this.plots[link] = plot;
    }
    if (term > plot.term) {
      plot.earlier = [...plot.earlier, ...plot.present].slice(-EARLIER_MAX);
      plot.present = [];
      plot.term = term;
    }
    const isEarlier = term < plot.term;
    const graves = isEarlier ? plot.earlier : plot.present;
    graves.push({ from, id, stamp, term, body });
    if (graves.length > (isEarlier ? EARLIER_MAX : PRESENT_MAX)) graves.shift();
  }

  /**
   * An old message of the link, for one that is sent now: of an earlier term where there is one, else
   * any; null when there is none. `u` in [0, 1) chooses.
   */
  choose(link: number, body: Message, u: number): Grave | null {
    const plot = this.plots[link]!;
    if (plot === null) return null;
    const term = this.termOf(body);
    const all = [...plot.earlier, ...plot.present];
    const earlier = all.filter((grave) => grave.term < term);
    const graves = earlier.length > 0 ? earlier : all;
    return graves[Math.floor(u * graves.length)]!;
  }

  /** Up to `count` messages that were addressed to this server, the newest first. */
  addressedTo(to: NodeId, of: Exhumable, count: number): Grave[] {
    const term = this.terms[to]!;
    // Where nobody claims anything, nothing is known to be older than anything else.
    const isAny = of === 'any' || (this.hasOpaque && this.claimedTerm === 0);
    const found: Grave[] = [];
    for (let from = 1; from < LINK_BASE; from += 1) {
      const plot = this.plots[from * LINK_BASE + to]!;
      if (plot === null) continue;
      for (const grave of [...plot.earlier, ...plot.present]) {
        if (isAny) {
          found.push(grave);
          continue;
        }
        if (grave.term >= term) continue;
        if (of === 'earlierReign' && !this.reigns[to]!.has(grave.term)) continue;
        found.push(grave);
      }
    }
    return found.sort((a, b) => b.id - a.id).slice(0, count);
  }

  /** A body of another implementation may have none. */
  private termOf(body: Message): Term {
    if (isOpaque(body)) {
      this.hasOpaque = true;
      return this.claimedTerm;
    }
    return typeof body.term === 'number' ? body.term : 0;
  }
}
