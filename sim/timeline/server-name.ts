import type { NodeId } from '../../core/messages.ts';

/** How servers are called. */
export type NameOf = (node: NodeId) => string;

/** As in the paper: "S1". */
export function serverName(node: NodeId): string {
  return `S${node}`;
}

/** As in the protocol: "n1". */
export function programName(node: NodeId): string {
  return `n${node}`;
}

/** "S1 S2 S3". */
export function serverNames(nodes: readonly NodeId[], nameOf: NameOf): string {
  return nodes.map(nameOf).join(' ');
}
