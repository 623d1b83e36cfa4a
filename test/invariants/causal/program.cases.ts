/** Each property of programs, and each way of breaking it: a bad history, and its good twin. */
import type { Command } from '../../../core/messages.ts';
import { ELECTION_MS_MAX, OpaqueHistory } from './opaque-history.ts';

export interface ProgramCase {
  readonly property: string;
  readonly rule: string;
  readonly story: string;
  /** `property/rule` must be the first thing that is found. */
  readonly bad: () => OpaqueHistory;
  /** Nothing must be found. */
  readonly good: () => OpaqueHistory;
}

const three = (): OpaqueHistory => new OpaqueHistory(3);
/** n1 leads term 1, elected by n2. */
const led = (): OpaqueHistory => three().elect(1, 1, [2]);
/** Longer than anybody may stand still. */
const TOO_LONG = 52 * ELECTION_MS_MAX;

/** n1 has applied a put, which n2 has on disk, too. */
function committed(): { history: OpaqueHistory; command: Command } {
  const history = led();
  return { history, command: history.commit(1, 'put x a', [2]) };
}

/** Everybody hears n1 and has applied the same; then quiet. */
function settled(): { history: OpaqueHistory; command: Command } {
  const { history, command } = committed();
  history.spread(1, command, [2, 3]).phase('heal').phase('quiet');
  return { history, command };
}

/** n1 has it, crashes, and applies it in its next life, which nobody has told anything. */
function applyAfterCrash(keep: 'all' | 'none'): OpaqueHistory {
  const history = three();
  const command = history.invoke('put x a');
  history.request(1, command);
  return history.write(1).restart(1, keep).wake(1).apply(1, command);
}

/** A put is answered ok by n1 after n2 did this much. */
function answeredAfter(
  n2: 'nothing' | 'heard' | 'written' | 'safe',
  options: { size?: number; durability?: 'explicit' | 'barrier' | 'immediate' | 'none' } = {},
): OpaqueHistory {
  const { size = 3, durability = 'explicit' } = options;
  const history = new OpaqueHistory(size, { durability, claims: false });
  const command = history.invoke('put x a');
  const id = history.request(1, command);
  history.write(1).flush(1);
  const message = history.wake(1).send(1, 2);
  if (n2 !== 'nothing') {
    history.deliver(message);
    if (n2 === 'written' || n2 === 'safe') history.write(2);
    if (n2 === 'safe') history.flush(2);
    history.deliver(history.send(2, 1));
  }
  return history.wake(1).apply(1, command).respond(1, id, 'ok');
}

/** A put that a majority has on disk is answered with ok, and not applied. */
function answeredUnapplied(without: string): OpaqueHistory {
  const history = new OpaqueHistory(3, { claims: false, disabled: new Set([without]) });
  const id = history.request(1, history.invoke('put x a'));
  return history.write(1).flush(1).replicate(1, 2).wake(1).respond(1, id, 'ok');
}

/** n1 claims to lead term 1 after n2 did this much. */
function ledAfter(
  n2: 'nothing' | 'heard' | 'written' | 'safe',
  durability: 'explicit' | 'immediate' | 'none' = 'explicit',
): OpaqueHistory {
  const history = new OpaqueHistory(3, { durability });
  history.wake(1).write(1).claim(1, 'candidate', 1);
  const message = history.send(1, 2);
  history.flush(1);
  if (n2 !== 'nothing') {
    history.deliver(message);
    if (n2 === 'written' || n2 === 'safe') history.write(2);
    if (n2 === 'safe') history.flush(2);
    history.deliver(history.send(2, 1));
  }
  return history.claim(1, 'leader', 1);
}

/** n1 has applied a put of x; a second client reads x directly at n2, which has applied so much. */
function readAt(applied: boolean): OpaqueHistory {
  const { history, command } = committed();
  if (applied) history.spread(1, command, [2]);
  const read = history.invoke('get x', 2);
  const id = history.request(2, read);
  return history.respond(2, id, 'ok').tell(read, 'ok', applied ? 'a' : null);
}

/** n1 asks n2 for its vote, writes its own, and stands: a host may hold the claim back until then. */
function standsLate(durability: 'explicit' | 'barrier'): OpaqueHistory {
  const history = new OpaqueHistory(3, { durability }).wake(1);
  const ask = history.send(1, 2);
  history.write(1).flush(1).claim(1, 'candidate', 1);
  history.deliver(ask).write(2).flush(2).deliver(history.send(2, 1));
  return history.claim(1, 'leader', 1);
}

/** Of five servers the first three vote; n1 is asked for all five, and answers so or not. */
function enlarged(outcome: 'ok' | 'unknown'): OpaqueHistory {
  const history = new OpaqueHistory(5, { members: 3, claims: false });
  const voters = [1, 2, 3, 4, 5];
  history.ask(1, 'o1', { kind: 'changeMembership', voters, learners: [] });
  return history.respond(1, 'o1', outcome);
}

/** A put that n1 refuses, and that is applied all the same: before or after. */
function refused(
  order: 'refused-first' | 'applied-first',
  outcome: 'redirect' | 'rejected' | 'unknown',
): OpaqueHistory {
  const history = led();
  const command = history.invoke('put x a');
  const id = history.request(1, command);
  if (order === 'refused-first') history.respond(1, id, outcome);
  history.write(1).flush(1).replicate(1, 2).wake(1).apply(1, command);
  return order === 'refused-first' ? history : history.respond(1, id, outcome);
}

function settledBut(applied: readonly number[]): OpaqueHistory {
  const { history, command } = committed();
  history.spread(1, command, applied);
  for (const node of [2, 3]) history.deliver(history.wake(1).send(1, node));
  return history.phase('heal').phase('quiet').pass(TOO_LONG).phase('traffic');
}

/** In the traffic, n1 commits another put, and these servers apply the first one, n2 both. */
function traffic(history: OpaqueHistory, appliers: readonly number[]): OpaqueHistory {
  const first: Command = { clientId: 1, seq: 1, op: 'put x a' };
  const second = history.commit(1, 'put x b', [2]);
  history.spread(1, first, appliers).spread(1, second, [2]);
  return history.phase('end');
}

export const PROGRAM_CASES: readonly ProgramCase[] = [
  {
    property: 'impossible-knowledge',
    rule: 'applied',
    story: 'n2 applies a put that n1 was asked for, and no message has passed between them',
    bad: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.request(1, command);
      return history.wake(2).apply(2, command);
    },
    good: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.request(1, command);
      return history.deliver(history.send(1, 2)).apply(2, command);
    },
  },
  {
    property: 'impossible-knowledge',
    rule: 'applied',
    story: 'n2 heard of n1 only before n1 was asked',
    bad: () => {
      const history = three();
      const command = history.invoke('put x a');
      const message = history.wake(1).send(1, 2);
      history.request(1, command);
      return history.deliver(message).apply(2, command);
    },
    good: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.wake(1).send(1, 2);
      history.request(1, command);
      history.deliver(history.send(1, 3));
      return history.deliver(history.send(3, 2)).apply(2, command);
    },
  },
  {
    property: 'impossible-knowledge',
    rule: 'applied',
    story: 'n1 applies after a restart what its crash has taken',
    bad: () => applyAfterCrash('none'),
    good: () => applyAfterCrash('all'),
  },
  {
    property: 'impossible-knowledge',
    rule: 'applied',
    story: 'n2 hears from n1 only after n1 has lost the command, and applies it',
    bad: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.request(1, command);
      history.restart(1).wake(1);
      return history.deliver(history.send(1, 2)).apply(2, command);
    },
    good: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.request(1, command);
      const message = history.send(1, 2);
      return history.restart(1).deliver(message).apply(2, command);
    },
  },
  {
    property: 'impossible-knowledge',
    rule: 'answered',
    story: 'n2 answers a request that n1 was handed, unheard',
    bad: () => {
      const history = three();
      const id = history.request(1, history.invoke('get x'));
      return history.wake(2).respond(2, id, 'unknown');
    },
    good: () => {
      const history = three();
      const id = history.request(1, history.invoke('get x'));
      return history.deliver(history.send(1, 2)).respond(2, id, 'unknown');
    },
  },
  {
    property: 'impossible-knowledge',
    rule: 'restored',
    story: 'n3 goes on from a snapshot of n1 that nobody has sent it',
    bad: () => committed().history.takeSnapshot(1, 'state').wake(3).restore(3, 1, 'state'),
    good: () => {
      const { history } = committed();
      history.takeSnapshot(1, 'state');
      return history.deliver(history.send(1, 3)).restore(3, 1, 'state');
    },
  },
  {
    property: 'acknowledged-without-majority',
    rule: 'too-few-heard',
    story: 'n1 answers ok as soon as it has the put on its own disk',
    bad: () => answeredAfter('nothing'),
    good: () => answeredAfter('safe'),
  },
  {
    property: 'acknowledged-without-majority',
    rule: 'too-few-heard',
    story: 'of five servers two have it; of four, two are half of them',
    bad: () => answeredAfter('safe', { size: 5 }),
    good: () => answeredAfter('safe', { size: 4 }),
  },
  {
    property: 'acknowledged-before-durable-majority',
    rule: 'too-few-written',
    story: 'n2 confirms the put before it has written anything',
    bad: () => answeredAfter('heard'),
    good: () => answeredAfter('heard', { durability: 'none' }),
  },
  {
    property: 'acknowledged-before-durable-majority',
    rule: 'too-few-written',
    story: 'n2 confirms the put when its write has begun, but is not safe',
    bad: () => answeredAfter('written'),
    good: () => answeredAfter('written', { durability: 'immediate' }),
  },
  {
    property: 'acknowledged-before-durable-majority',
    rule: 'too-few-written',
    story: 'where writes are immediate, n2 confirms before it writes',
    bad: () => {
      const history = new OpaqueHistory(3, { durability: 'immediate', claims: false });
      const command = history.invoke('put x a');
      const id = history.request(1, command);
      const message = history.write(1).send(1, 2);
      const answer = history.deliver(message).send(2, 1);
      return history.write(2).deliver(answer).apply(1, command).respond(1, id, 'ok');
    },
    good: () => {
      const history = new OpaqueHistory(3, { durability: 'immediate', claims: false });
      const command = history.invoke('put x a');
      const id = history.request(1, command);
      const message = history.write(1).send(1, 2);
      const answer = history.deliver(message).write(2).send(2, 1);
      return history.deliver(answer).apply(1, command).respond(1, id, 'ok');
    },
  },
  {
    property: 'acknowledged-before-durable-majority',
    rule: 'too-few-written',
    story: 'the writes of n2 fail; or those of n1 do, and two others have it',
    bad: () => {
      const history = new OpaqueHistory(3, { claims: false });
      const command = history.invoke('put x a');
      const id = history.request(1, command);
      history.write(1).flush(1);
      history.deliver(history.wake(1).send(1, 2)).write(2).fail(2);
      history.deliver(history.wake(2).send(2, 1));
      return history.apply(1, command).respond(1, id, 'ok');
    },
    good: () => {
      const history = new OpaqueHistory(3, { claims: false });
      const command = history.invoke('put x a');
      const id = history.request(1, command);
      history.write(1).fail(1).replicate(1, 2).replicate(1, 3);
      return history.apply(1, command).respond(1, id, 'ok');
    },
  },
  {
    property: 'elected-without-majority',
    rule: 'too-few-heard',
    story: 'n1 leads on its own vote',
    bad: () => ledAfter('nothing'),
    good: () => ledAfter('safe'),
  },
  {
    property: 'elected-without-majority',
    rule: 'too-few-heard',
    story: 'of four servers two are no majority, of three they are',
    bad: () => new OpaqueHistory(4).elect(1, 1, [2]),
    good: () => new OpaqueHistory(4).elect(1, 1, [2, 3]),
  },
  {
    property: 'elected-without-majority',
    rule: 'never-stood',
    story: 'a restarted leader goes on leading',
    bad: () => led().restart(1, 'all').claim(1, 'leader', 1),
    good: () => led().restart(1, 'all').elect(1, 2, [2]),
  },
  {
    property: 'elected-before-durable-majority',
    rule: 'too-few-written',
    story: 'n2 votes, and writes nothing',
    bad: () => ledAfter('heard'),
    good: () => ledAfter('heard', 'none'),
  },
  {
    property: 'elected-before-durable-majority',
    rule: 'too-few-written',
    story: 'n2 sends its vote before it is safe',
    bad: () => ledAfter('written'),
    good: () => ledAfter('written', 'immediate'),
  },
  {
    property: 'elected-before-durable-majority',
    rule: 'too-few-written',
    story: 'n2 has written before it heard of the election; n1 may write its own vote early',
    bad: () => {
      const history = three().wake(2).write(2).flush(2);
      history.wake(1).write(1).flush(1).wake(1).claim(1, 'candidate', 1);
      return history.deliver(history.send(1, 2)).deliver(history.send(2, 1)).claim(1, 'leader', 1);
    },
    good: () => {
      const history = three().wake(1).write(1).flush(1).wake(1).claim(1, 'candidate', 1);
      history.deliver(history.send(1, 2)).write(2).flush(2);
      return history.deliver(history.send(2, 1)).claim(1, 'leader', 1);
    },
  },
  {
    property: 'elected-without-majority',
    rule: 'too-few-heard',
    story: 'n2 is asked before n1 stands; behind a barrier the claim may only come late',
    bad: () => standsLate('explicit'),
    good: () => standsLate('barrier'),
  },
  {
    property: 'acknowledged-without-majority',
    rule: 'too-few-heard',
    story: 'two of three are enough as long as nobody knows whether there are five',
    bad: () => {
      const history = enlarged('ok');
      history.commit(1, 'put x a', [2]);
      return history;
    },
    good: () => {
      const history = enlarged('unknown');
      history.commit(1, 'put x a', [2]);
      return history;
    },
  },
  {
    property: 'acknowledged-without-majority',
    rule: 'too-few-heard',
    story: 'a server that was refused as the only voter; or that may be the only one',
    bad: () => {
      const history = three();
      history.ask(1, 'o1', { kind: 'changeMembership', voters: [1], learners: [] });
      history.respond(1, 'o1', 'rejected').commit(1, 'put x a', []);
      return history;
    },
    good: () => {
      const history = three();
      history.ask(1, 'o1', { kind: 'changeMembership', voters: [1], learners: [] });
      history.commit(1, 'put x a', []);
      return history;
    },
  },
  {
    property: 'election-safety',
    rule: 'second-leader',
    story: 'n3 is elected in the term that n1 leads',
    bad: () => led().elect(3, 1, [2]),
    good: () => led().elect(3, 2, [2]),
  },
  {
    property: 'election-safety',
    rule: 'reign-resumed',
    story: 'n1 is elected in one term in two lives; the first one has spoken as leader, or not',
    bad: () => {
      const history = led();
      history.send(1, 3);
      return history.restart(1).elect(1, 1, [2]);
    },
    good: () => led().restart(1).elect(1, 1, [2]),
  },
  {
    property: 'claimed-terms-rise',
    rule: 'fell-in-life',
    story: 'n2 follows in term 3, then in term 2',
    bad: () => three().wake(2).claim(2, 'follower', 3).claim(2, 'follower', 2),
    good: () => three().wake(2).claim(2, 'follower', 3).restart(2).claim(2, 'follower', 2),
  },
  {
    property: 'claimed-terms-rise',
    rule: 'fell-after-restart',
    story: 'n1 has led term 1 with its vote on disk, or not yet, and comes back in term 0',
    bad: () => led().restart(1).claim(1, 'follower', 0),
    good: () => {
      const history = three().wake(1).write(1).claim(1, 'candidate', 1);
      const asks = [history.send(1, 2), history.send(1, 3)];
      for (const ask of asks) {
        history.deliver(ask).write(ask.to).flush(ask.to).deliver(history.send(ask.to, 1));
      }
      return history.claim(1, 'leader', 1).restart(1).claim(1, 'follower', 0);
    },
  },
  {
    property: 'no-invented-command',
    rule: 'invented',
    story: 'n1 applies what nobody has asked for',
    bad: () => three().wake(1).apply(1, { clientId: 9, seq: 9, op: 'put x a' }),
    good: () => committed().history,
  },
  {
    property: 'no-invented-command',
    rule: 'altered',
    story: 'n1 applies another value than the client has asked for',
    bad: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.request(1, command);
      return history.apply(1, { ...command, op: 'put x b' });
    },
    good: () => committed().history,
  },
  {
    property: 'applied-sequences-agree',
    rule: 'other-command',
    story: 'n2 applies a second put first',
    bad: () => {
      const { history } = committed();
      const second = history.commit(1, 'put x b', [2]);
      return history.spread(1, second, [2]);
    },
    good: () => {
      const { history, command } = committed();
      const second = history.commit(1, 'put x b', [2]);
      return history.spread(1, command, [2]).spread(1, second, [2]).spread(1, command, [3]);
    },
  },
  {
    property: 'applied-sequences-agree',
    rule: 'other-command',
    story: 'a restarted server applies another command first than in its life before',
    bad: () => {
      const { history } = committed();
      const second = history.commit(1, 'put x b', [2]);
      history.wake(1).write(1);
      return history.restart(1, 'all').wake(1).apply(1, second);
    },
    good: () => {
      const { history, command } = committed();
      history.wake(1).write(1);
      return history.restart(1, 'all').wake(1).apply(1, command);
    },
  },
  {
    property: 'applied-sequences-agree',
    rule: 'restored-unknown',
    story: 'n1 goes on from a snapshot that was never taken',
    bad: () => committed().history.wake(1).restore(1, 1, 'made up'),
    good: () => committed().history.takeSnapshot(1, 'state').restore(1, 1, 'state'),
  },
  {
    property: 'exactly-once',
    rule: 'applied-twice',
    story: 'n1 applies a put a second time in one life; in the next it may',
    bad: () => {
      const { history, command } = committed();
      return history.wake(1).apply(1, command);
    },
    good: () => {
      const { history, command } = committed();
      return history.restart(1).wake(1).apply(1, command);
    },
  },
  {
    property: 'exactly-once',
    rule: 'applied-twice',
    story: 'n2 applies a put again where others have applied another',
    bad: () => {
      const { history, command } = committed();
      history.commit(1, 'put x b', [2]);
      return history.spread(1, command, [2, 2]);
    },
    good: () => {
      const { history, command } = committed();
      const second = history.commit(1, 'put x b', [2]);
      return history.spread(1, command, [2]).spread(1, second, [2]);
    },
  },
  {
    property: 'exactly-once',
    rule: 'applied-twice',
    story: 'a put stands twice in the sequence; a read may',
    bad: () => {
      const { history, command } = committed();
      return history.wake(1).apply(1, command);
    },
    good: () => {
      const { history } = committed();
      const read = history.invoke('get x', 2);
      const first = history.request(1, read);
      history.apply(1, read).respond(1, first, 'unknown');
      const second = history.request(1, read);
      return history.apply(1, read).respond(1, second, 'ok').tell(read, 'ok', 'a');
    },
  },
  {
    property: 'acknowledged-is-committed',
    rule: 'not-applied',
    story: 'n1 answers ok to a put that a majority has on disk, and applies it in a later step',
    bad: () => {
      const history = led();
      const command = history.invoke('put x a');
      const id = history.request(1, command);
      history.write(1).flush(1).replicate(1, 2);
      return history.wake(1).respond(1, id, 'ok').wake(1).apply(1, command);
    },
    good: () => {
      const history = led();
      const command = history.invoke('put x a');
      const id = history.request(1, command);
      history.write(1).flush(1).replicate(1, 2);
      return history.wake(1).respond(1, id, 'ok').apply(1, command);
    },
  },
  {
    property: 'acknowledged-writes-survive',
    rule: 'never-applied',
    story: 'a put is answered with ok, and nobody has applied it when the run ends',
    bad: () => answeredUnapplied('acknowledged-is-committed').phase('end'),
    good: () => committed().history.phase('end'),
  },
  {
    property: 'refused-never-committed',
    rule: 'attempt-refused',
    story: 'n1 redirects a put, and applies it',
    bad: () => refused('refused-first', 'redirect'),
    good: () => refused('refused-first', 'unknown'),
  },
  {
    property: 'refused-never-committed',
    rule: 'attempt-refused',
    story: 'n1 applies a put, and rejects it then',
    bad: () => refused('applied-first', 'rejected'),
    good: () => refused('applied-first', 'unknown'),
  },
  {
    property: 'refused-never-committed',
    rule: 'client-told-failed',
    story: 'a client is told that its put did not happen, which was applied; or that nobody knows',
    bad: () => {
      const history = led();
      const command = history.invoke('put x a');
      history.request(1, command);
      return history.apply(1, command).tell(command, 'fail');
    },
    good: () => {
      const history = led();
      const command = history.invoke('put x a');
      history.request(1, command);
      return history.apply(1, command).tell(command, 'info');
    },
  },
  {
    property: 'one-answer',
    rule: 'answered-twice',
    story: 'n1 redirects a request twice; or each of two attempts',
    bad: () => {
      const history = three();
      const id = history.request(1, history.invoke('put x a'));
      return history.respond(1, id, 'redirect').respond(1, id, 'redirect');
    },
    good: () => {
      const history = three();
      const command = history.invoke('put x a');
      history.respond(1, history.request(1, command), 'redirect');
      return history.respond(2, history.request(2, command), 'redirect');
    },
  },
  {
    property: 'one-answer',
    rule: 'not-asked',
    story: 'n1 answers a request that nobody has made',
    bad: () => three().wake(1).respond(1, '1.1/7', 'unknown'),
    good: () => {
      const history = three();
      return history.respond(1, history.request(1, history.invoke('put x a')), 'unknown');
    },
  },
  {
    property: 'linearizability',
    rule: 'stale-read',
    story: 'n2 answers a read without having applied a put that was acknowledged before',
    bad: () => readAt(false),
    good: () => readAt(true),
  },
  {
    property: 'linearizability',
    rule: 'wrong-read',
    story: 'a read that was applied finds what nobody has written; or what was',
    bad: () => {
      const { history } = committed();
      const read = history.invoke('get x', 2);
      const id = history.request(1, read);
      return history.apply(1, read).respond(1, id, 'ok').tell(read, 'ok', 'other');
    },
    good: () => {
      const { history } = committed();
      const read = history.invoke('get x', 2);
      const id = history.request(1, read);
      return history.apply(1, read).respond(1, id, 'ok').tell(read, 'ok', 'a');
    },
  },
  {
    property: 'leader-election-liveness',
    rule: 'no-leader',
    story: 'nobody leads for a long time; or no majority is connected',
    bad: () => three().phase('heal').phase('quiet').pass(TOO_LONG),
    good: () => {
      const links = [1, 2, 3].flatMap((a) => [1, 2, 3].map((b): [number, number] => [a, b]));
      return three().block(links).phase('heal').phase('quiet').pass(TOO_LONG);
    },
  },
  {
    property: 'leader-election-liveness',
    rule: 'no-leader',
    story: 'n1 leads, and nobody hears it',
    bad: () => led().phase('heal').phase('quiet').pass(TOO_LONG),
    good: () => settled().history.pass(TOO_LONG),
  },
  {
    property: 'applied-sequences-converge',
    rule: 'not-converged',
    story: 'n3 has stopped itself',
    bad: () => settled().history.wake(3).halt(3).pass(TOO_LONG),
    good: () => settled().history.pass(TOO_LONG),
  },
  {
    property: 'applied-sequences-converge',
    rule: 'not-converged',
    story: 'n3 applies nothing, not even when clients ask again; or then it does',
    bad: () => traffic(settledBut([2]), []),
    good: () => traffic(settledBut([]), [2, 3]),
  },
  {
    property: 'traffic-progress',
    rule: 'nothing-acknowledged',
    story: 'a client asks, and gets no answer',
    bad: () => {
      const { history } = settled();
      history.pass(100).phase('traffic').invoke('put x b');
      return history.pass(TOO_LONG);
    },
    good: () => {
      const { history } = settled();
      history.pass(100).phase('traffic').commit(1, 'put x b', [2]);
      return history.pass(TOO_LONG);
    },
  },
];
