/** Partitions from templates, resolved to the directed links that they block. */
import type { NodeId } from '../../core/messages.ts';
import { nodesOf } from './cluster.ts';
import { type Draw, drawOne, drawOrder, weighted } from './draw.ts';

export type Link = readonly [NodeId, NodeId];

/** `at` is the place where the template is split, from 1 to the number of nodes - 1. */
type Template = (order: readonly NodeId[], at: number) => Link[];

/** What each template leaves connected. */
export const partitionKnobs = {
  split: 'Two groups that do not hear each other.',
  isolateOne: 'One server apart from all others.',
  mute: 'One server hears all others and is heard by none.',
  deaf: 'One server is heard by all others and hears none.',
  oneWay: 'One directed link is dead.',
  pair: 'Two servers do not hear each other; all others hear both.',
  bridge: 'Two groups that do not hear each other, and one server that hears and is heard by both.',
  ring: 'Each server talks to its two neighbours only.',
  chain: 'The same, open at one place.',
  star: 'All talk to one server only.',
} as const;

type TemplateName = keyof typeof partitionKnobs;

const templates: Record<TemplateName, Template> = {
  split: (order, at) => cut(order.slice(0, at), order.slice(at)),
  isolateOne: (order) => cut(order.slice(0, 1), order.slice(1)),
  mute: (order) => oneWay(order.slice(0, 1), order.slice(1)),
  deaf: (order) => oneWay(order.slice(1), order.slice(0, 1)),
  oneWay: (order) => oneWay(order.slice(0, 1), order.slice(1, 2)),
  pair: (order) => cut(order.slice(0, 1), order.slice(1, 2)),
  bridge: (order, at) => cut(order.slice(1, at), order.slice(at)),
  ring: (order) => allBut(order, (gap) => gap === 1 || gap === order.length - 1),
  chain: (order) => allBut(order, (gap) => gap === 1),
  star: (order) => among(order.slice(1)),
};

const template = weighted<TemplateName>(
  [25, 'split'],
  [14, 'isolateOne'],
  [8, 'mute'],
  [8, 'deaf'],
  [8, 'oneWay'],
  [9, 'pair'],
  [12, 'bridge'],
  [5, 'ring'],
  [5, 'chain'],
  [6, 'star'],
);

/** The blocked links of a drawn template, ascending. Needs two servers at least. */
export function drawPartition(draw: Draw, size: number): Link[] {
  const order = drawOrder(draw, nodesOf(size));
  const at = drawOne(draw, nodesOf(size - 1));
  const links = templates[draw(template)](order, at);
  const blocked = links.length > 0 ? links : templates.isolateOne(order, at);
  return blocked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

function oneWay(from: readonly NodeId[], to: readonly NodeId[]): Link[] {
  return from.flatMap((a) => to.map((b): Link => [a, b]));
}

/** All links between two groups, both ways. */
export function cut(left: readonly NodeId[], right: readonly NodeId[]): Link[] {
  return [...oneWay(left, right), ...oneWay(right, left)];
}

/** All links among these servers. */
function among(nodes: readonly NodeId[]): Link[] {
  return oneWay(nodes, nodes).filter(([from, to]) => from !== to);
}

/** All links but those of servers that stand `gap` places apart. */
function allBut(order: readonly NodeId[], isKept: (gap: number) => boolean): Link[] {
  return among(order).filter(
    ([from, to]) => !isKept(Math.abs(order.indexOf(from) - order.indexOf(to))),
  );
}
