/**
 * Directed links between servers: latency with a long tail, loss, duplication, old messages that
 * come again, blocked links. A blocked link loses what is sent while it is blocked; what is already
 * under way arrives, perhaps into another reign or another life.
 *
 * Every send makes two draws from its link's stream, whatever the state of the link, so that a fault
 * in one place does not move the luck of another.
 */
import type { Message, NodeId, Term } from '../../core/messages.ts';
import type { Copy } from './copy.ts';
import type { EventQueue } from './event-queue.ts';
import type { Fate } from './fate.ts';
import { type Exhumable, Graveyard } from './graveyard.ts';
import { Interference } from './interference.ts';
import { ItemKind } from './item.ts';
import { LINK_BASE } from './link.ts';
import type { Observation } from './observation.ts';
import type { NetworkPlan, PinnedDecision, Plan } from './plan.ts';
import { logUniform, openStream, type Stream } from './random.ts';

const MILLION = 1_000_000;

export class Network {
  private readonly queue: EventQueue;
  private readonly observation: Observation;
  private readonly copy: Copy;
  private readonly plan: NetworkPlan;
  private readonly seed: string;
  private readonly streams: (Stream | null)[] = new Array(LINK_BASE * LINK_BASE).fill(null);
  /** How many faults block the link right now. */
  private readonly blocks: number[] = new Array(LINK_BASE * LINK_BASE).fill(0);
  private readonly decisions: readonly PinnedDecision[];
  private readonly matches: number[];
  private readonly fate: Fate = { copies: 0, delayUs: 0, secondDelayUs: 0, graveLuck: -1 };
  readonly interference = new Interference();
  /** null where nothing old ever comes again. */
  private readonly graveyard: Graveyard | null;
  /** Messages are numbered from 1, in the order in which they are sent. */
  lastMessageId = 0;
  /** How often all links were freed: blocks of an earlier generation have ended already. */
  generation = 0;
  /** Not 0 once healed: the longest latency from then on; no loss, no duplicates. */
  private healedUsMax = 0;

  constructor(plan: Plan, queue: EventQueue, observation: Observation, copy: Copy) {
    this.plan = plan.network;
    this.seed = plan.seed;
    this.queue = queue;
    this.observation = observation;
    this.copy = copy;
    this.decisions = plan.decisions;
    this.matches = plan.decisions.map(() => 0);
    const exhumes = plan.faults.some(({ what }) => what.do === 'exhume');
    this.graveyard = exhumes || plan.network.graveyardPpm > 0 ? new Graveyard() : null;
  }

  send(from: NodeId, to: NodeId, body: Message): void {
    const link = from * LINK_BASE + to;
    this.lastMessageId += 1;
    const id = this.lastMessageId;
    const fate = this.draw(link);
    const { interference, queue } = this;
    if (interference.isActive) interference.bend(fate, link, body.kind, queue.nowUs);
    if (this.decisions.length > 0) this.applyPins(from, to, body);
    if (interference.isActive) this.holdUp(link);
    if (this.blocks[link]! > 0) {
      fate.copies = 0;
      fate.graveLuck = -1;
    }
    const stamp = this.observation.sent(from, to, id, fate.copies, body);
    if (this.graveyard !== null && this.healedUsMax === 0) {
      this.haunt(this.graveyard, link, id, stamp, body);
    }
    if (fate.copies === 0) return;
    queue.push(queue.nowUs + fate.delayUs, ItemKind.message, to, from, id, stamp, this.copy(body));
    if (fate.copies === 2) {
      const secondUs = queue.nowUs + fate.secondDelayUs;
      queue.push(secondUs, ItemKind.message, to, from, id, stamp, this.copy(body));
    }
  }

  /** Old messages to this server come again, within this time; a blocked link does not stop them. */
  exhume(to: NodeId, of: Exhumable, count: number, withinUs: number): void {
    const graves = this.graveyard!.addressedTo(to, of, count);
    graves.forEach(({ from, id, stamp, body }, i) => {
      const atUs = this.queue.nowUs + Math.floor((withinUs * i) / graves.length);
      this.queue.push(atUs, ItemKind.message, to, from, id, stamp, this.copy(body));
    });
  }

  /** What this server has sent since that message arrives now. */
  hurry(from: NodeId, sentBefore: number): void {
    const { nowUs } = this.queue;
    this.queue.retime((atUs, item) => {
      const isMeant = item.kind === ItemKind.message && item.from === from && item.id > sentBefore;
      return isMeant ? nowUs : atUs;
    });
  }

  /** A program says what it is: all that is known of the age of its messages. */
  noteClaim(node: NodeId, role: 'follower' | 'candidate' | 'leader', term: Term): void {
    if (this.graveyard !== null) this.graveyard.noteClaim(node, role, term);
  }

  block(link: number): void {
    this.blocks[link]! += 1;
  }

  unblock(link: number): void {
    if (this.blocks[link]! > 0) this.blocks[link]! -= 1;
  }

  unblockAll(): void {
    this.blocks.fill(0);
    this.generation += 1;
  }

  blockedLinks(): number[] {
    const links: number[] = [];
    for (let link = 0; link < this.blocks.length; link += 1) {
      if (this.blocks[link]! > 0) links.push(link);
    }
    return links;
  }

  /** From now on: no loss, no duplicates, latency at most `latencyUsMax`. */
  heal(latencyUsMax: number): void {
    this.healedUsMax = Math.max(1, latencyUsMax);
    this.interference.end();
  }

  /** No message that is sent now arrives sooner than so many microseconds from now. */
  leastUs(): number {
    const { latencyUsMin, tailPpm, tailUsMax } = this.plan;
    if (this.interference.isActive || this.decisions.length > 0) return 0;
    const leastUs = tailPpm > 0 ? Math.min(latencyUsMin, tailUsMax) : latencyUsMin;
    return this.healedUsMax > 0 ? Math.min(leastUs, this.healedUsMax) : leastUs;
  }

  private draw(link: number): Fate {
    let stream = this.streams[link]!;
    if (stream === null) {
      const name = `net/${Math.floor(link / LINK_BASE)}>${link % LINK_BASE}`;
      stream = openStream(this.seed, name);
      this.streams[link] = stream;
    }
    const luck = stream() * MILLION;
    const { fate, plan } = this;
    fate.delayUs = this.latency(stream());
    fate.copies = 1;
    fate.graveLuck = -1;
    if (this.healedUsMax > 0) return fate;
    const beyondLoss = luck - plan.lossPpm;
    if (beyondLoss < 0) {
      fate.copies = 0;
    } else if (beyondLoss < plan.duplicatePpm) {
      fate.copies = 2;
      fate.secondDelayUs = this.latency(beyondLoss / plan.duplicatePpm);
    } else if (beyondLoss < plan.duplicatePpm + plan.graveyardPpm) {
      fate.graveLuck = (beyondLoss - plan.duplicatePpm) / plan.graveyardPpm;
    }
    return fate;
  }

  /** All copies come when the link is free again. */
  private holdUp(link: number): void {
    const { fate } = this;
    const heldUs = this.interference.heldUs(link, this.queue.nowUs);
    if (heldUs === 0) return;
    fate.delayUs = heldUs;
    fate.secondDelayUs = heldUs;
  }

  /** Keeps the message, and perhaps delivers an older one of its link once more. */
  private haunt(
    graveyard: Graveyard,
    link: number,
    id: number,
    stamp: number,
    body: Message,
  ): void {
    const { queue, fate } = this;
    const grave = fate.graveLuck < 0 ? null : graveyard.choose(link, body, fate.graveLuck);
    graveyard.bury(link, id, stamp, this.copy(body));
    if (grave === null) return;
    const heldUs = this.interference.heldUs(link, queue.nowUs);
    const atUs = queue.nowUs + (heldUs > 0 ? heldUs : this.latency((fate.graveLuck * 4_096) % 1));
    const to = link % LINK_BASE;
    queue.push(
      atUs,
      ItemKind.message,
      to,
      grave.from,
      grave.id,
      grave.stamp,
      this.copy(grave.body),
    );
  }

  private latency(u: number): number {
    const { latencyUsMin, latencyUsMax, tailPpm, tailUsMax } = this.plan;
    if (this.healedUsMax > 0) {
      const minUs = Math.min(latencyUsMin, this.healedUsMax);
      const maxUs = Math.min(latencyUsMax, this.healedUsMax);
      return minUs + Math.floor(u * (maxUs - minUs + 1));
    }
    const place = u * MILLION;
    if (place < tailPpm) {
      return logUniform(place / tailPpm, Math.max(1, latencyUsMax), Math.max(1, tailUsMax));
    }
    const share = (place - tailPpm) / (MILLION - tailPpm);
    return latencyUsMin + Math.floor(share * (latencyUsMax - latencyUsMin + 1));
  }

  /** The first pinned decision that matches wins over the draws. */
  private applyPins(from: NodeId, to: NodeId, body: Message): void {
    let decided = false;
    for (let i = 0; i < this.decisions.length; i += 1) {
      const { match, drop, delayUs, duplicateUs } = this.decisions[i]!;
      if (match.from !== from || match.to !== to || match.kind !== body.kind) continue;
      if (match.term !== null && match.term !== body.term) continue;
      this.matches[i]! += 1;
      if (decided || (match.nth !== 0 && match.nth !== this.matches[i])) continue;
      decided = true;
      const { fate, healedUsMax } = this;
      if (healedUsMax > 0) {
        // Like every fault, a pin ends with the heal: no loss, no duplicate, no long way.
        if (delayUs !== null) fate.delayUs = Math.min(delayUs, healedUsMax);
        continue;
      }
      fate.copies = drop ? 0 : Math.max(1, fate.copies);
      if (delayUs !== null) fate.delayUs = delayUs;
      if (duplicateUs !== null && !drop) {
        fate.copies = 2;
        fate.secondDelayUs = duplicateUs;
      }
    }
  }
}
