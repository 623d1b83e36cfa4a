import type { NodeId } from '../../core/messages.ts';

/** As in the paper: "S1". */
export function serverName(node: NodeId): string {
  return `S${node}`;
}

/** "S1 S2 S3". */
export function serverNames(nodes: readonly NodeId[]): string {
  return nodes.map(serverName).join(' ');
}
