/**
 * The committed log is carried out as it grows, and answers are held against it: the committed order
 * is the witness that the cluster looks like one server. O(1) per command.
 */
import type { LogIndex } from '../../core/messages.ts';
import { checkEffectOnce } from '../clients/exactly-once.ts';
import { checkDirectRead, checkLogged, checkOrder } from '../clients/linearizability.ts';
import type { CommandRecord } from '../ledgers/commands.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import { Happened } from '../situations.ts';

/** A step is over: what has been committed in it is carried out, and what clients were told judged. */
export function replayCommitted(ledgers: Ledgers): void {
  const { replay, commits, applications, unconfirmed } = ledgers;
  while (replay.last < commits.last && applications.termAt(replay.last + 1) !== 0) {
    carryOutNext(ledgers);
  }
  if (unconfirmed.length > 0) confirmAnswered(ledgers);
}

/**
 * A client has its answer. Mostly the command is not known to be committed yet, or not as often as it
 * is: the step goes on.
 */
export function noteAnswered(ledgers: Ledgers, payload: number, record: CommandRecord): void {
  if (record.answer !== undefined && record.value === record.answer) {
    confirm(ledgers, payload, record);
  } else {
    ledgers.unconfirmed.push(payload);
  }
}

/** A read without a session: the log may hold it as often as it likes, and any of them may answer. */
function isFree({ readOnly, session }: CommandRecord): boolean {
  return readOnly && session === 0;
}

/** A command stands in the log again. */
function noteRepeated(
  { situations }: Ledgers,
  index: LogIndex,
  record: CommandRecord,
  answer: string | null,
): void {
  if (isFree(record)) {
    record.committedAt = index;
    record.answer = answer;
    return;
  }
  if (record.session === 0) return;
  if (!record.isRepeated) situations.count(Happened.duplicateCommitted);
  record.isRepeated = true;
}

function carryOutNext(ledgers: Ledgers): void {
  const { replay, commits, applications, commands, log } = ledgers;
  const index = replay.last + 1;
  const payload = log.payloadOf(commits.idAt(index));
  if (payload <= 0) {
    replay.skip();
    return;
  }
  const record = commands.record(payload);
  const answer = replay.carryOut(record, applications.takeWallClock(index));
  if (record.committedAt !== index) {
    noteRepeated(ledgers, index, record, answer);
    return;
  }
  record.answer = answer;
  checkOrder(ledgers, payload, record);
}

/** What waits longer was answered without being committed: that is a lie, but for reads. */
function confirmAnswered(ledgers: Ledgers): void {
  const { unconfirmed, commands } = ledgers;
  let kept = 0;
  for (let i = 0; i < unconfirmed.length; i += 1) {
    const payload = unconfirmed[i]!;
    const record = commands.record(payload);
    const isReadable = record.readAt !== 0 && record.readAt <= ledgers.replay.last;
    if (record.answer !== undefined || isReadable) {
      confirm(ledgers, payload, record);
    } else {
      unconfirmed[kept] = payload;
      kept += 1;
    }
  }
  unconfirmed.length = kept;
}

function confirm(ledgers: Ledgers, payload: number, record: CommandRecord): void {
  const { replay } = ledgers;
  const index = record.readAt === 0 ? record.committedAt : record.readAt;
  if (record.readAt !== 0) {
    checkDirectRead(ledgers, payload, record);
  } else if (record.value !== record.answer) {
    checkEffectOnce(ledgers, payload, record);
    checkLogged(ledgers, payload, record);
  }
  if (replay.hasDirectReads) replay.keys.noteTold(record.op, index);
}
