/** Reads that rest on time, or on what a new leader does not know yet (thesis §6.4). */
import type { Command } from '../../core/messages.ts';
import { appliesAgree } from '../agreement.ts';
import { disagreement, momentOf, placeOf, wrongAnswers, wrongReigns } from '../expectations.ts';
import type { RunRecord } from '../run-record.ts';
import type { Scenario } from '../scenario.ts';
import { script } from '../script.ts';

type CommandName = Pick<Command, 'clientId' | 'seq'>;

/** S2 writes x, and then S1 is asked for it: nobody may answer that there is no x. */
function staleRead(record: RunRecord, op: string): string | null {
  const told = record.returns.find((item) => item.op === op && item.outcome === 'ok');
  const asked = record.invocations.find((item) => item.op === 'get x');
  if (told === undefined || asked === undefined) return 'x is not written, or not asked for.';
  if (asked.order < told.order) return 'x is asked for before it is written.';
  const stale = record.readsServed.find(({ node }) => node === 1);
  if (stale !== undefined) return `S1 answers ${stale.value}, though S2 has told a client of x.`;
  return wrongReigns(record, { 1: 1, 2: 2 });
}

/**
 * The clock of S1 is slow by a tenth, those of S2 and S3 are fast by as much, and all know that it may
 * be so. S1 is heard at 200 ms and cut off. By their clocks S2 and S3 are free to elect another leader
 * 136 ms later; by its own S1 has heard of them 150 ms ago at 367 ms. Its lease is shorter than that.
 */
const leaseDrift: Scenario = {
  id: 'lease-drift',
  title: 'A slow clock holds a lease from fast ones',
  milestone: 'extension',
  section: 'thesis §6.4.1',
  claim: 'A lease is so much shorter than the shortest timeout as clocks may differ in pace.',
  // biome-ignore format: one moment of the story per line
  plan: script({
    size: 3, quietTimers: true, quietHeartbeats: true, reads: 'lease', checkQuorum: true, clockDriftPpm: 100_000,
    clocks: [{ node: 1, ratePpm: -100_000 }, { node: 2, ratePpm: 100_000 }, { node: 3, ratePpm: 100_000 }],
  })
    // By its clock S2 is the first to stand; nobody hears of that, and S1 wins.
    .timer(2, 'election', 1, 150)
    .drop({ from: 2, to: 'all', kind: 'RequestVote', nth: 1 })
    .timer(1, 'election', 1, 150)
    .at(200).heartbeat(1)
    .at(210).isolate(1)
    .timer(2, 'election', 2, 152)
    .at(346).request(2, 'put x drift')
    .at(355).request(1, 'get x')
    .until(450)
    .plan(),
  criterion(record) {
    const first = record.leaders()[0];
    if (first?.node !== 1) return 'S1 does not lead.';
    const told = record.returns.find((it) => it.op === 'put x drift' && it.outcome === 'ok');
    const asked = record.invocations.find(({ op }) => op === 'get x');
    if (told === undefined || asked === undefined) return 'x is not written, or not asked for.';
    if (asked.order < told.order) return 'x is asked for before it is written.';
    if (asked.atUs - 200_000 > 170_000) return 'By the clock of S1 it is too late for a lease.';
    const stale = record.readsServed.find(({ node }) => node === 1);
    return stale === undefined ? null : `S1 answers ${stale.value}, though x is written.`;
  },
};

/**
 * S1 holds a lease, is cut off and paused for longer than it lasts. S2 is elected and tells a client of
 * x. When S1 wakes a client has asked it for x, and that is the first thing it finds. Its heartbeats
 * stood still with it; the time of its lease did not.
 */
const leaseAfterPause: Scenario = {
  id: 'lease-after-pause',
  title: 'A leader wakes when its lease is over',
  milestone: 'extension',
  section: 'thesis §6.4.1',
  claim: 'A lease ends by the clock, whatever its holder gets to do meanwhile.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, reads: 'lease', checkQuorum: true })
    .timer(1, 'election', 1, 150)
    .timer(2, 'election', 1, 160)
    .at(310).isolate(1).pause(1, 180)
    .at(470).request(2, 'put x awake')
    .at(485).request(1, 'get x')
    .until(700)
    .plan(),
  criterion(record) {
    const asked = record.invocations.find(({ op }) => op === 'get x');
    const woken = momentOf(record, 1, 'resumed');
    if (woken === null || asked === undefined || asked.order > woken) {
      return 'S1 does not find a read when it wakes.';
    }
    return staleRead(record, 'put x awake');
  },
};

/**
 * S1 commits x, tells its client and nobody else, and dies. S2 has x in its log and leads, but its
 * no-op gets lost at first, so it cannot tell what is committed when it is asked for x. The read waits.
 */
const readBeforeNoOp: Scenario = {
  id: 'read-before-own-commit',
  title: 'A new leader is asked before it has committed anything',
  milestone: 'extension',
  section: '§8, thesis §6.4',
  claim: 'A new leader answers no read before it has committed an entry of its own term.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, reads: 'readIndex' })
    .at(100).elapse(1)
    .at(120).request(1, 'put x unsaid')
    .when('acknowledged').crash(1)
    .drop({ from: 2, to: 3, kind: 'AppendEntries', term: 2, nth: 1 })
    .at(200).elapse(2)
    .at(210).request(2, 'get x')
    .until(500)
    .plan(),
  criterion(record) {
    const asked = record.invocations.find(({ op }) => op === 'get x');
    const own = record.applies.find(({ node, entry }) => node === 2 && entry.term === 2);
    if (asked === undefined || own === undefined) return 'S2 is not asked, or commits nothing.';
    if (asked.order > own.order) return 'S2 is asked when it has committed an entry.';
    if (placeOf(record, 'put x unsaid', 2, asked.order) === 0) return 'S2 does not have x.';
    const served = record.readsServed.find(({ node }) => node === 2);
    if (served === undefined) return 'S2 does not answer.';
    if (served.order < own.order) return 'S2 answers before it has committed an entry.';
    if (served.value !== 'unsaid') return `S2 answers ${served.value}.`;
    return (
      wrongReigns(record, { 1: 1, 2: 2 }) ??
      wrongAnswers(record, ['put x unsaid']) ??
      disagreement(record, [2, 3])
    );
  },
};

/**
 * S1 is cut off with a command of a client, which sends it again when no answer comes: first to S1, which
 * has it in its log, and then to the next leader. That it is in a log makes no duplicate of it; it is
 * answered when it was applied, and applied once.
 */
const duplicateUnapplied: Scenario = {
  id: 'duplicate-before-commit',
  title: 'A command comes again while it is in the log of a deposed leader',
  milestone: 'extension',
  section: '§8, thesis §6.3',
  claim: 'A command that comes again is answered from what was applied, not from what is in a log.',
  // biome-ignore format: one moment of the story per line
  plan: script({ size: 3, quietTimers: true, sessions: true,
                 workload: { clients: 1, keys: 1, readPpm: 0, casPpm: 0, batchMax: 1, timeoutUs: 50_000 } })
    .at(1).elapse(1)
    .at(60).isolate(1)
    .at(200).elapse(2)
    .at(600).heal()
    .until(1200)
    .plan(),
  criterion(record) {
    const isSame = (a: CommandName | null, b: CommandName) => {
      return a?.clientId === b.clientId && a.seq === b.seq;
    };
    const early = record.returns.find((told) => {
      const applied = record.applies.find(({ entry }) => isSame(entry.command, told));
      return told.outcome === 'ok' && (applied === undefined || applied.order > told.order);
    });
    if (early !== undefined) return `"${early.op}" is answered before it is applied.`;
    const elected = record.leaderOf(2)?.order ?? 0;
    const tail = record.durableOf(1, elected).log.at(-1)?.command;
    if (tail?.session === undefined) return 'S1 has no command of the client when it is cut off.';
    const first = record.applies.find(({ entry }) => isSame(entry.command, tail));
    if (first !== undefined && first.order < elected) return 'What S1 has in its log is committed.';
    const again = record.appliedBy(2).filter(({ entry }) => isSame(entry.command, tail));
    if (again.length === 0) return 'What S1 has in its log is not sent again to S2.';
    return wrongReigns(record, { 1: 1, 2: 2 }) ?? appliesAgree(record);
  },
};

export const LEASES: readonly Scenario[] = [
  leaseDrift,
  leaseAfterPause,
  readBeforeNoOp,
  duplicateUnapplied,
];
