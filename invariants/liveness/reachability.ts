/** Which directed links are blocked at the moment. */
import type { NodeId } from '../../core/messages.ts';

export class Reachability {
  /** By `from * 8 + to`: 1 when blocked. */
  private readonly blocked = new Uint8Array(64);

  /** From now on exactly these links are blocked. */
  replace(links: readonly number[]): void {
    this.blocked.fill(0);
    for (const link of links) this.blocked[link] = 1;
  }

  /** Do messages get through both ways? */
  isConnected(a: NodeId, b: NodeId): boolean {
    return this.blocked[a * 8 + b] === 0 && this.blocked[b * 8 + a] === 0;
  }

  /** Is some link blocked whose way back is free? */
  hasOneWay(): boolean {
    for (let from = 1; from < 8; from += 1) {
      for (let to = 1; to < from; to += 1) {
        if (this.blocked[from * 8 + to] !== this.blocked[to * 8 + from]) return true;
      }
    }
    return false;
  }

  /** Bit per server, itself included, that is connected with this one. */
  connectedWith(node: NodeId, size: number): number {
    let servers = 1 << node;
    for (let other = 1; other <= size; other += 1) {
      if (other !== node && this.isConnected(node, other)) servers |= 1 << other;
    }
    return servers;
  }
}
