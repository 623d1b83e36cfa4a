/** Lives of servers, their disks, and the links between them. */
import type { NodeId } from '../../core/messages.ts';
import type { SurvivingWrite } from '../facts.ts';
import type { CausalLedgers } from './causal-ledgers.ts';
import { Met } from './program-situations.ts';
import { beginLife, endLife, type ProgramView } from './program-view.ts';

/** So many commands behind the furthest server is far behind. */
const LAGGING = 5;

/** A life begins, with what its disk hands back. */
export function start(
  ledgers: CausalLedgers,
  server: ProgramView,
  boot: number,
  bornAfter: number,
): void {
  const { clocks, situations, statistics } = ledgers;
  statistics.starts += 1;
  if (boot > 0) {
    clocks.revive(server.node);
    if (clocks.safeMark(server.node) > 0) situations.count(Met['restarted-with-writes']);
  }
  beginLife(server, boot, bornAfter);
}

export function issueWrite(ledgers: CausalLedgers, server: ProgramView, writeId: number): void {
  const { clocks, options, situations, statistics } = ledgers;
  statistics.writes += 1;
  situations.count(Met['write-issued']);
  if (server.heldSince < 0) server.heldSince = server.stepDate;
  const mark = clocks.markWritten(server.node);
  if (options.durability === 'immediate') clocks.secure(server.node, mark);
  server.pendingIds.push(writeId);
  server.pendingMarks.push(mark);
}

/** The server is told that a write is safe: so are all before it in its stream. */
export function completeWrite(ledgers: CausalLedgers, server: ProgramView, writeId: number): void {
  const place = server.pendingIds.indexOf(writeId);
  if (place < 0) return;
  ledgers.clocks.secure(server.node, server.pendingMarks[place]!);
  forget(server, place);
}

export function failWrite(ledgers: CausalLedgers, server: ProgramView, writeId: number): void {
  ledgers.situations.count(Met['write-failed']);
  const place = server.pendingIds.indexOf(writeId);
  if (place >= 0) forget(server, place);
}

function forget(server: ProgramView, place: number): void {
  server.pendingIds.splice(place, 1);
  server.pendingMarks.splice(place, 1);
}

/** The life is over; some of its unfinished writes are on disk all the same. */
export function crash(
  ledgers: CausalLedgers,
  server: ProgramView,
  survivors: readonly SurvivingWrite[],
  isInStep: boolean,
): void {
  const { clocks, options, statistics, situations } = ledgers;
  statistics.crashes += 1;
  countCrash(ledgers, server, survivors, isInStep);
  for (const { writeId } of survivors) {
    const place = server.pendingIds.indexOf(writeId);
    if (place >= 0) clocks.secure(server.node, server.pendingMarks[place]!);
  }
  if (options.durability === 'none') clocks.forgetWrites(server.node);
  const reign = ledgers.reigns.get(server.leaderTerm);
  if (reign !== undefined && reign.node === server.node && reign.boot === server.boot) {
    reign.hasSpoken = server.hasSpoken;
  }
  endLife(server);
  const up = upNow(ledgers);
  if (up === 0) situations.count(Met['all-down']);
  if (!ledgers.voters.isQuorum(up, ledgers.voters.era, false)) {
    situations.count(Met['majority-down']);
  }
}

function countCrash(
  { situations, clocks, options }: CausalLedgers,
  server: ProgramView,
  survivors: readonly SurvivingWrite[],
  isInStep: boolean,
): void {
  if (isInStep) situations.count(Met['crash-in-step']);
  if (server.role === 'leader') situations.count(Met['leader-crashed']);
  if (server.boot > 0 && !clocks.hasHeardAnybody(server.node)) {
    situations.count(Met['crashed-again']);
  }
  const unfinished = options.durability === 'immediate' ? 0 : server.pendingIds.length;
  if (unfinished === 0) return;
  situations.count(Met['crash-with-unfinished-write']);
  const kept = survivors.filter((survivor) => survivor.kept === -1).length;
  if (kept < unfinished) situations.count(Met['crash-lost-writes']);
}

function upNow({ servers }: CausalLedgers): number {
  let up = 0;
  for (const { node, isUp } of servers) if (isUp) up |= 1 << node;
  return up;
}

/** From now on exactly these links are blocked. */
export function block(ledgers: CausalLedgers, links: readonly number[]): void {
  const { situations, servers, options, voters } = ledgers;
  const before = servers.map((server) => isCutOff(ledgers, server));
  ledgers.links.replace(links);
  if (links.length > 0) situations.count(Met['links-blocked']);
  if (ledgers.links.hasOneWay()) situations.count(Met['one-way-cut']);
  if (voters.votersCount < 2) return;
  for (let node: NodeId = 1; node <= options.size; node += 1) {
    const isCut = isCutOff(ledgers, servers[node]!);
    if (isCut && !before[node]!) situations.count(Met['leader-cut-off']);
    if (!isCut && before[node]!) situations.count(Met['majority-regained']);
  }
}

/** A leader that is not connected with a majority. */
function isCutOff({ links, options, voters }: CausalLedgers, server: ProgramView): boolean {
  if (!server.isUp || server.role !== 'leader') return false;
  return !voters.isQuorum(links.connectedWith(server.node, options.size), voters.era, false);
}

/** How far servers have got, after one of them has applied something. */
export function countApplied(
  { servers, sequence, situations, voters }: CausalLedgers,
  server: ProgramView,
): void {
  const { length } = sequence;
  if (server.lastApplied === length) {
    if (server.isLagging) situations.count(Met['caught-up']);
    server.isLagging = false;
  }
  const members = voters.certainMembers;
  let isEverywhere = true;
  for (let node = 1; node < servers.length; node += 1) {
    const other = servers[node]!;
    if ((members & (1 << node)) === 0) continue;
    if (!other.isUp || other.lastApplied !== length) isEverywhere = false;
    if (!other.isUp || other.isLagging || length - other.lastApplied < LAGGING) continue;
    other.isLagging = true;
    situations.count(Met['lagging-server']);
  }
  if (isEverywhere) situations.count(Met['applied-by-all']);
}
