/** Cut links in words: who cannot reach whom. */
import type { NodeId } from '../../core/messages.ts';
import { type NameOf, serverName } from '../timeline/server-name.ts';
import { names } from './beat.ts';

/** `links` as in the fact `blocked`; for example "S1 is cut off from S2 and S3". */
export function linkSentence(
  links: readonly number[],
  size: number,
  nameOf: NameOf = serverName,
): string {
  if (links.length === 0) return 'The network is whole again: all servers reach each other';
  const cut = new Set(links);
  const groups = groupsOf(cut, size);
  if (groups !== null) return groupSentence(groups, nameOf);
  const one = oneWay(links, nameOf);
  if (one !== null) return one;
  const shown = links.slice(0, 4).map((link) => `${nameOf(link >> 3)} to ${nameOf(link & 7)}`);
  const more = links.length - shown.length;
  return `Messages get lost from ${shown.join(', ')}${more > 0 ? ` and on ${more} more links` : ''}`;
}

/** The groups that the servers fall into, when every link between two groups is cut; else null. */
function groupsOf(cut: ReadonlySet<number>, size: number): NodeId[][] | null {
  const groups: NodeId[][] = [];
  for (let node = 1; node <= size; node += 1) {
    const group = groups.find(([first]) => isFree(cut, first!, node));
    if (group === undefined) groups.push([node]);
    else group.push(node);
  }
  if (groups.length < 2) return null;
  let between = 0;
  for (const a of groups) for (const b of groups) if (a !== b) between += a.length * b.length;
  if (between !== cut.size) return null;
  const isWhole = groups.every((group) =>
    group.every((a) => group.every((b) => isFree(cut, a, b))),
  );
  return isWhole ? groups : null;
}

function isFree(cut: ReadonlySet<number>, a: NodeId, b: NodeId): boolean {
  return !cut.has(a * 8 + b) && !cut.has(b * 8 + a);
}

function groupSentence(groups: readonly NodeId[][], nameOf: NameOf): string {
  const bySize = [...groups].sort((a, b) => a.length - b.length || a[0]! - b[0]!);
  const [smallest, ...others] = bySize;
  if (bySize.length === 2) {
    const [other] = others;
    const verb = smallest!.length === 1 ? 'is' : 'are';
    return `${names(smallest!, nameOf)} ${verb} cut off from ${names(other!, nameOf)}`;
  }
  if (others[others.length - 1]!.length === 1) return 'Every server is cut off from every other';
  return `The network falls apart: ${groups.map((group) => names(group, nameOf)).join(' | ')}`;
}

/** All cut links leave one server, or enter one. */
function oneWay(links: readonly number[], nameOf: NameOf): string | null {
  const from = new Set(links.map((link) => link >> 3));
  const to = new Set(links.map((link) => link & 7));
  const sorted = (nodes: Set<number>) =>
    names(
      [...nodes].sort((a, b) => a - b),
      nameOf,
    );
  if (from.size * to.size !== links.length || (from.size > 1 && to.size > 1)) return null;
  return `Messages from ${sorted(from)} to ${sorted(to)} get lost`;
}
