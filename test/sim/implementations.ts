/** The reference, and servers that are the reference but for one action. */
import type { Outbox, Server } from '../../core/contract.ts';
import type { Message, NodeId } from '../../core/messages.ts';
import { createServer } from '../../core/raft-server.ts';
import { KeyValueStore } from '../../core/state-machine.ts';
import type { Implementation } from '../../sim/run.ts';

export const reference: Implementation = {
  id: 'reference',
  createServer,
  createStateMachine: (expiryMs) => new KeyValueStore(expiryMs),
  isTrusted: true,
};

/** `alter` may change what the servers of `base` do by overriding methods of their outbox. */
export function altered(
  id: string,
  alter: (out: Outbox) => Partial<Outbox>,
  base: Implementation = reference,
): Implementation {
  const create = (): Server => {
    const server = base.createServer();
    return { step: (event, out) => server.step(event, overriding(out, alter(out))) };
  };
  return { ...base, id, createServer: create };
}

/** Changes what a server says. */
export function saying(id: string, change: (body: Message, to: NodeId) => Message): Implementation {
  return altered(id, (out) => ({ send: (to, body) => out.send(to, change(body, to)) }));
}

/** Says yes to every AppendEntries, whether or not its log agrees. */
export const yesMan = saying('test:yes-man', (body) => {
  if (body.kind !== 'AppendEntriesResponse' || body.success) return body;
  const matchIndex = body.conflictIndex + 5;
  return { ...body, success: true, matchIndex, conflictTerm: 0, conflictIndex: 0 };
});

/** Writes its term, and forgets to write its vote. */
export const amnesiac = altered('test:amnesiac', (out) => ({
  persist: (id, stream, after, write) => {
    const isVote = write.kind === 'hardState';
    out.persist(id, stream, after, isVote ? { ...write, votedFor: 0 } : write);
  },
}));

/** The same servers, but they leave a note about what they become. */
export function talkative(base: Implementation): Implementation {
  const alter = (out: Outbox): Partial<Outbox> => ({
    claim: (role, term) => {
      out.note(`now ${role}`);
      out.claim(role, term);
    },
  });
  return altered(`${base.id}+notes`, alter, base);
}

/** Throws when it becomes leader. */
export const thrower = altered('test:thrower', (out) => ({
  claim: (role, term) => {
    if (role === 'leader') throw new RangeError('no crown for me');
    out.claim(role, term);
  },
}));

function overriding(out: Outbox, changes: Partial<Outbox>): Outbox {
  return {
    send: changes.send ?? ((to, body) => out.send(to, body)),
    setTimer: changes.setTimer ?? ((name, minMs, maxMs) => out.setTimer(name, minMs, maxMs)),
    cancelTimer: changes.cancelTimer ?? ((name) => out.cancelTimer(name)),
    persist:
      changes.persist ?? ((id, stream, after, write) => out.persist(id, stream, after, write)),
    apply: changes.apply ?? ((index, entry) => out.apply(index, entry)),
    takeSnapshot: changes.takeSnapshot ?? ((index) => out.takeSnapshot(index)),
    restore: changes.restore ?? ((index, data) => out.restore(index, data)),
    respond: changes.respond ?? ((id, outcome, hint) => out.respond(id, outcome, hint)),
    claim: changes.claim ?? ((role, term) => out.claim(role, term)),
    halt: changes.halt ?? ((reason) => out.halt(reason)),
    note: changes.note ?? ((text) => out.note(text)),
  };
}
