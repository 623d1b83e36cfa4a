/**
 * Directed links between servers: latency with a long tail, loss, duplication, blocked links. A
 * blocked link loses what is sent while it is blocked; what is already under way arrives, perhaps
 * into another reign or another life.
 *
 * Every send makes two draws from its link's stream, whatever the state of the link, so that a fault
 * in one place does not move the luck of another.
 */
import type { Message, NodeId } from '../../core/messages.ts';
import type { Copy } from './copy.ts';
import type { EventQueue } from './event-queue.ts';
import { ItemKind } from './item.ts';
import type { Observation } from './observation.ts';
import type { NetworkPlan, PinnedDecision, Plan } from './plan.ts';
import { logUniform, openStream, type Stream } from './random.ts';

/** `from * LINK_BASE + to` names a directed link; servers are 1 … 7. */
export const LINK_BASE = 8;

const MILLION = 1_000_000;

/** What the network does to a message; `copies` of 2 uses both delays. */
interface Fate {
  copies: number;
  delayUs: number;
  secondDelayUs: number;
}

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
  private readonly fate: Fate = { copies: 0, delayUs: 0, secondDelayUs: 0 };
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
  }

  send(from: NodeId, to: NodeId, body: Message): void {
    const link = from * LINK_BASE + to;
    this.lastMessageId += 1;
    const id = this.lastMessageId;
    const fate = this.draw(link);
    if (this.decisions.length > 0) this.applyPins(from, to, body);
    if (this.blocks[link]! > 0) fate.copies = 0;
    const stamp = this.observation.sent(from, to, id, fate.copies, body);
    if (fate.copies === 0) return;
    const { queue } = this;
    queue.push(queue.nowUs + fate.delayUs, ItemKind.message, to, from, id, stamp, this.copy(body));
    if (fate.copies === 2) {
      const secondUs = queue.nowUs + fate.secondDelayUs;
      queue.push(secondUs, ItemKind.message, to, from, id, stamp, this.copy(body));
    }
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
    if (this.healedUsMax > 0) return fate;
    const beyondLoss = luck - plan.lossPpm;
    if (beyondLoss < 0) {
      fate.copies = 0;
    } else if (beyondLoss < plan.duplicatePpm) {
      fate.copies = 2;
      fate.secondDelayUs = this.latency(beyondLoss / plan.duplicatePpm);
    }
    return fate;
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
