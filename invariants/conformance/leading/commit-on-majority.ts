import type { LogIndex } from '../../../core/messages.ts';
import { mistakeOf } from '../membership/whose-majority.ts';
import { agreeThrough } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import { copiesMinOf, countedThrough, halvesOf, type Needed, tallyWords } from '../quorums.ts';
import type { Rule } from '../rule.ts';
import { joined, type Scene } from '../scene.ts';
import { reportEarlierTerm } from './commit-of-own-term.ts';

export const commitOnMajority: Rule = {
  id: 'commit-on-majority',
  section: '§5.3, §5.4.2, Figure 2 (leaders)',
  sentence:
    'A leader takes an entry for committed when successes of its term, and its own disk, show it on a majority.',
  reason:
    'What is not on a majority is unknown to some majority, which can elect a leader without it.',
};

/** A leader lets show that it takes this for committed; judged at the end of the step. */
export function claimCommit(
  scene: Scene,
  server: ObservedServer,
  index: LogIndex,
  how: string,
): void {
  if (index <= Math.max(server.knownCommit, scene.claimedIndex)) return;
  scene.claimedIndex = index;
  scene.claimedHow = how;
}

/** Of an even number half is enough here: an election needs one more. */
export function judgeClaim(scene: Scene, server: ObservedServer): void {
  const { claimedIndex: index, claimedHow: how } = scene;
  scene.claimedIndex = 0;
  if (index <= server.knownCommit) return;
  const counted = countedIndex(scene, server, copiesMinOf);
  const isEnough = index <= counted && index <= server.issued.last;
  // What it counted in an earlier reign of this life stays committed.
  if (index > Math.max(committable(server, counted), server.countedCommit)) {
    if (isEnough) reportEarlierTerm(scene, server, index, how);
    else reportTooFew(scene, server, index, how);
  }
  server.knownCommit = index;
  server.duties.toldCommit = Math.max(server.duties.toldCommit, index);
}

function reportTooFew(scene: Scene, server: ObservedServer, index: LogIndex, how: string): void {
  const { inForce } = server;
  const copies = copiesOf(scene, server, index);
  const [half, other] = halvesOf(inForce);
  const needed =
    other === undefined
      ? `${copiesMinOf(half!.length)} of ${half!.length} copies are needed`
      : tallyWords(inForce, copies, copiesMinOf);
  const mistake = mistakeOf(server, copies, copiesMinOf);
  scene.report(
    mistake?.rule ?? commitOnMajority,
    server,
    `took index ${index} for committed (${how}) as the leader of term ${server.reignTerm}, ` +
      `with ${copiesWords(scene, server)}: ${needed}${mistake?.words ?? ''}`,
  );
}

/** Bit per server that has the log through here, as far as this leader can know. */
function copiesOf(scene: Scene, server: ObservedServer, index: LogIndex): number {
  let servers = 0;
  matchesOf(scene, server).forEach((match, node) => {
    if (node > 0 && match >= index) servers |= 1 << node;
  });
  return servers;
}

/** What this leader may take for committed, when so many copies are needed. */
export function committableIndex(scene: Scene, server: ObservedServer, needed: Needed): LogIndex {
  const counted = countedIndex(scene, server, needed);
  return Math.max(server.knownCommit, committable(server, counted));
}

function committable({ issued, reignTerm }: ObservedServer, counted: LogIndex): LogIndex {
  // Behind the end of what is written there are only entries of its own term.
  return counted > issued.last || issued.termAt(counted) === reignTerm ? counted : 0;
}

/** A success has come, or a write is done: what a leader could commit now it may apply later. */
export function noteCounted(scene: Scene, server: ObservedServer): void {
  if (!server.isLeading) return;
  const index = committable(server, countedIndex(scene, server, copiesMinOf));
  if (index > server.countedCommit) server.countedCommit = index;
}

/** Through here there are so many copies, in each half, as far as this leader can know. */
export function countedIndex(scene: Scene, server: ObservedServer, needed: Needed): LogIndex {
  return countedThrough(server.inForce, matchesOf(scene, server), needed);
}

function matchesOf(scene: Scene, server: ObservedServer): LogIndex[] {
  const matches: LogIndex[] = [0];
  for (let node = 1; node <= scene.size; node += 1) {
    matches.push(node === server.node ? ownDurable(server) : matchOf(server, node));
  }
  return matches;
}

function matchOf(server: ObservedServer, node: number): LogIndex {
  return server.successTerm === server.reignTerm ? (server.successes[node] ?? 0) : 0;
}

/** How far its disk holds its own log, or a snapshot of it. */
function ownDurable({ issued, durable, durableSnapshot }: ObservedServer): LogIndex {
  return Math.max(durableSnapshot?.lastIncludedIndex ?? 0, agreeThrough(issued, durable));
}

/** "successes of S2 (through index 3) and its own disk (through index 4)". */
function copiesWords(scene: Scene, server: ObservedServer): string {
  const parts: string[] = [];
  for (let node = 1; node <= scene.size; node += 1) {
    if (node === server.node) continue;
    const match = matchOf(server, node);
    if (match > 0) parts.push(`S${node} through index ${match}`);
  }
  const own = `its own disk through index ${ownDurable(server)}`;
  if (parts.length === 0) return `no success in this term, and ${own}`;
  return `successes of ${joined(parts)!}, and ${own}`;
}
