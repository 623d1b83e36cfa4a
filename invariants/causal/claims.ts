/** What servers claim of themselves: that they stand, lead or follow. Tested, never believed. */
import type { NodeId, Term } from '../../core/messages.ts';
import type { Property } from '../property.ts';
import { electionSafety } from '../safety/election-safety.ts';
import { type CausalLedgers, namesOf } from './causal-ledgers.ts';
import { Met } from './program-situations.ts';
import type { ProgramView } from './program-view.ts';

export const electedWithoutMajority: Property = {
  id: 'elected-without-majority',
  title: 'Elected by a majority',
  sentence:
    'A server claims to lead a term only when a majority had heard that it stands in this term, and it has heard from them since.',
  section: '§5.2',
  kind: 'safety',
  facts: ['claimed', 'sent', 'delivered'],
};

export const electedBeforeDurableMajority: Property = {
  id: 'elected-before-durable-majority',
  title: 'Votes on disk',
  sentence:
    'A server claims to lead a term only when a majority had something on disk that they wrote after they had heard that it stands, and it has heard from them since. Its own vote may be on its way to disk.',
  section: '§5.2, Figure 2 (persistent state)',
  kind: 'safety',
  facts: ['claimed', 'sent', 'delivered', 'persistIssued', 'persisted'],
};

export const claimedTermsRise: Property = {
  id: 'claimed-terms-rise',
  title: 'Claimed terms never fall',
  sentence:
    'The terms that a server claims never fall within a life, nor below a term that it has led with its vote on disk.',
  section: '§5.1, Figure 2 (currentTerm)',
  kind: 'safety',
  facts: ['claimed', 'started'],
};

/** A server says what it is in a term. */
export function claim(
  ledgers: CausalLedgers,
  server: ProgramView,
  role: 'follower' | 'candidate' | 'leader',
  term: Term,
): void {
  checkTerm(ledgers, server, role, term);
  const { situations, statistics } = ledgers;
  if (role === 'follower' && server.role === 'leader') situations.count(Met['leader-stepped-down']);
  server.role = role;
  if (term > server.claimTerm) server.claimTerm = term;
  if (term > statistics.termMax) statistics.termMax = term;
  if (role === 'candidate') stand(ledgers, server, term);
  else if (role === 'leader') lead(ledgers, server, term);
}

function checkTerm(ledgers: CausalLedgers, server: ProgramView, role: string, term: Term): void {
  const { node, claimTerm, boundTerm } = server;
  if (term >= claimTerm && term >= boundTerm) return;
  const isOwn = term < claimTerm;
  const before = isOwn
    ? `it was in term ${claimTerm} before`
    : `it has led term ${boundTerm} before it was restarted, with its vote on its disk`;
  ledgers.report(
    claimedTermsRise,
    node,
    isOwn ? 'fell-in-life' : 'fell-after-restart',
    'older-term',
    `n${node} says that it is ${role} of term ${term}; ${before}.`,
  );
}

/** It stands for election; what others have heard of it from now on tells them so. */
function stand(ledgers: CausalLedgers, server: ProgramView, term: Term): void {
  if (term === server.candidateTerm) return;
  const { servers, situations, statistics } = ledgers;
  server.candidateTerm = term;
  server.candidateDate = dateOf(ledgers, server);
  noteStanding(server, term, server.candidateDate);
  situations.count(Met['candidate-claimed']);
  let rivals = 0;
  for (const other of servers) if (other.candidateTerm === term) rivals += 1;
  if (rivals === 1) statistics.elections += 1;
  else if (rivals === 2) situations.count(Met['two-candidates-claimed']);
}

function lead(ledgers: CausalLedgers, server: ProgramView, term: Term): void {
  if (term === server.leaderTerm) return;
  const isAgain = server.leaderTerm >= 0;
  const date = dateOf(ledgers, server);
  if (server.candidateTerm !== term) noteStanding(server, term, date);
  server.leaderTerm = term;
  server.leaderDate = ledgers.clocks.last;
  server.hasSpoken = false;
  checkElection(ledgers, server, term, server.candidateTerm === term ? server.candidateDate : date);
  checkElectionSafety(ledgers, server, term);
  countLeader(ledgers, server, term, isAgain);
}

/** When did this server decide what it does now? What a host holds back, it may have decided long ago. */
function dateOf({ options }: CausalLedgers, { stepDate, heldSince }: ProgramView): number {
  return options.durability === 'barrier' && heldSince >= 0 ? heldSince : stepDate;
}

/** Remembers the claim before this one: the own vote may have been written since. */
function noteStanding(server: ProgramView, term: Term, date: number): void {
  if (server.stoodTerm === term) return;
  server.stoodBefore = server.stoodDate;
  server.stoodTerm = term;
  server.stoodDate = date;
}

/**
 * Who has voted for it has heard of it as a candidate, has written so, and has told. Votes in its
 * favour are news that nothing else brings; its own vote may be older, back to its claim before.
 */
function checkElection(
  ledgers: CausalLedgers,
  server: ProgramView,
  term: Term,
  date: number,
): void {
  const { clocks, voters, options } = ledgers;
  const { node, stoodBefore, pendingMarks } = server;
  const column = clocks.columnOf(node);
  let heard = 1 << node;
  let written = 0;
  for (let other = 1; other <= options.size; other += 1) {
    if (other === node) continue;
    if (clocks.hasHeardBack(node, other, column, date)) heard |= 1 << other;
    if (clocks.hasHeardWritten(node, other, column, date)) written |= 1 << other;
  }
  const isSafe = clocks.safeMark(node) > stoodBefore;
  const oldest = pendingMarks[0] ?? Infinity;
  // Who has won with others' votes alone may forget its own with the term, as long as it is silent.
  if (isSafe && oldest > server.stepDate) server.boundTerm = Math.max(server.boundTerm, term);
  const newest = pendingMarks[pendingMarks.length - 1] ?? -1;
  if (isSafe || newest > stoodBefore) written |= 1 << node;
  const { era } = voters;
  if (!voters.isQuorum(heard, era, false)) reportUnheard(ledgers, server, term, heard);
  else if (options.durability !== 'none' && !voters.isQuorum(written, era, false)) {
    reportUnwritten(ledgers, server, term, heard, written);
  }
}

function reportUnheard(
  ledgers: CausalLedgers,
  { node, candidateTerm }: ProgramView,
  term: Term,
  heard: number,
): void {
  const { voters } = ledgers;
  const hasStood = candidateTerm === term;
  ledgers.report(
    electedWithoutMajority,
    node,
    hasStood ? 'too-few-heard' : 'never-stood',
    heard === 1 << node ? 'only-itself' : 'too-few',
    hasStood
      ? `n${node} leads term ${term}; of the ${voters.votersCount} servers only ${namesOf(heard)} ` +
          `had heard that it stands and said so, and ${voters.needed(false)} are needed.`
      : `n${node} leads term ${term}, and has not said in this life that it stands for it.`,
  );
}

function reportUnwritten(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  term: Term,
  heard: number,
  written: number,
): void {
  const needed = ledgers.voters.needed(false);
  const who =
    written === 0
      ? 'none was'
      : written === 1 << node
        ? 'only its own was'
        : `only those of ${namesOf(written)} were`;
  ledgers.report(
    electedBeforeDurableMajority,
    node,
    'too-few-written',
    written === 0 ? 'nobody' : written === 1 << node ? 'only-itself' : 'too-few',
    `n${node} leads term ${term}; of the ${needed} votes it needs ${who} on a disk. ` +
      `${namesOf(heard)} had heard that it stands.`,
  );
}

/** The same server may lead a term in two lives when nobody has heard from the first one. */
function checkElectionSafety(ledgers: CausalLedgers, server: ProgramView, term: Term): void {
  const { node, boot } = server;
  const first = ledgers.reigns.get(term);
  if (first === undefined) {
    ledgers.reigns.set(term, { node, boot, hasSpoken: false });
    return;
  }
  const isSameServer = first.node === node;
  if (isSameServer && !first.hasSpoken) return;
  ledgers.report(
    electionSafety,
    node,
    isSameServer ? 'reign-resumed' : 'second-leader',
    isSameServer ? 'other-life' : 'other-server',
    isSameServer
      ? `n${node} leads term ${term} again after a restart: a leader that crashes has to be elected anew.`
      : `n${node} leads term ${term}, which n${first.node} has led.`,
  );
}

function countLeader(
  ledgers: CausalLedgers,
  server: ProgramView,
  term: Term,
  isAgain: boolean,
): void {
  const { situations, statistics, reigns, newestReign, voters } = ledgers;
  statistics.leaders += 1;
  situations.count(Met['leader-claimed']);
  if (isAgain) situations.count(Met['leader-again']);
  if (voters.votersCount % 2 === 0) situations.count(Met['even-sized-leader']);
  const before: NodeId = reigns.get(newestReign)?.node ?? server.node;
  if (before !== server.node) situations.count(Met['leader-changed']);
  if (term > newestReign) ledgers.newestReign = term;
  for (const other of ledgers.servers) {
    if (other === server || !other.isUp || other.role !== 'leader') continue;
    if (other.leaderTerm !== term) situations.count(Met['two-leaders-claimed']);
  }
}
