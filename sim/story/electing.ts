/** Elections: who stands, who votes, who leads, and who follows again. */
import type { Message, NodeId, Term } from '../../core/messages.ts';
import type { ActionRecord, StepRecord } from '../trace/format.ts';
import { names, verb } from './beat.ts';
import type { Narration } from './narration.ts';
import type { ToldServer } from './told-server.ts';

type Sent = ActionRecord & { readonly k: 'sent' };

/** A server takes up a later term, or says that it follows. */
export function tellRole(
  narrator: Narration,
  server: ToldServer,
  step: StepRecord,
  own: readonly ActionRecord[],
): void {
  const wasLeading = server.role === 'leader' ? server.term : 0;
  for (const action of own) {
    if (action.k === 'claimed' && action.role === 'follower') server.role = 'follower';
    if (action.k === 'persistIssued' && action.write.kind === 'hardState') {
      if (action.write.votedFor !== server.node && action.write.currentTerm > server.term) {
        server.role = 'follower';
      }
    }
  }
  if (wasLeading === 0 || server.role === 'leader') return;
  const heard = step.k === 'delivered' ? step.body.term : 0;
  const why = heard > wasLeading ? `hears of term ${heard}, and` : 'steps down:';
  narrator.tell({
    nodes: [server.node],
    weight: 38,
    text: (name) => `${name} ${why} leads term ${wasLeading} no longer`,
  });
}

export function tellElection(
  narrator: Narration,
  server: ToldServer,
  step: StepRecord,
  own: readonly ActionRecord[],
): void {
  const sent = own.filter((action): action is Sent => action.k === 'sent');
  tellStanding(narrator, server, own);
  for (const { to, body } of sent) tellVote(narrator, server, to, body);
  if (step.k === 'delivered' && step.body.kind === 'RequestVoteResponse') {
    const { term, voteGranted, preVote } = step.body;
    const voters = server.votes.get(term) ?? [];
    const isVote = voteGranted && preVote !== true;
    if (isVote && !voters.includes(step.from)) server.votes.set(term, [...voters, step.from]);
  }
  const append = sent.find(({ body }) => REIGNING.includes(body.kind));
  const claim = own.find((action) => action.k === 'claimed' && action.role === 'leader');
  const term = claim?.k === 'claimed' ? claim.term : (append?.body.term ?? 0);
  if (term > 0 && (server.role !== 'leader' || term > server.term)) {
    tellLeading(narrator, server, term);
  }
}

/** Only leaders send these. */
const REIGNING: readonly Message['kind'][] = ['AppendEntries', 'InstallSnapshot', 'TimeoutNow'];

function tellStanding(narrator: Narration, server: ToldServer, own: readonly ActionRecord[]): void {
  const term = own.reduce((newest, action) => Math.max(newest, termStoodFor(server, action)), 0);
  if (term <= server.term) {
    tellPreVote(narrator, server, own);
    return;
  }
  server.enter(term);
  server.role = 'candidate';
  const { last, lastTerm } = server;
  const log = last === 0 ? 'its log is empty' : `its last entry: index ${last}, term ${lastTerm}`;
  narrator.tell({
    nodes: [server.node],
    weight: 48,
    within: `leads ${term} ${server.node}`,
    text: (name) => `${name} stands for election in term ${term} (${log})`,
  });
}

/** By claiming so, by a vote for itself, or by asking for votes; 0 for none of it. */
function termStoodFor({ node }: ToldServer, action: ActionRecord): Term {
  if (action.k === 'claimed' && action.role === 'candidate') return action.term;
  if (action.k === 'sent' && action.body.kind === 'RequestVote') {
    return action.body.preVote === true ? 0 : action.body.term;
  }
  if (action.k !== 'persistIssued' || action.write.kind !== 'hardState') return 0;
  return action.write.votedFor === node ? action.write.currentTerm : 0;
}

/** It asks whether it could win, before it raises its term (thesis §9.6). */
function tellPreVote(narrator: Narration, server: ToldServer, own: readonly ActionRecord[]): void {
  for (const action of own) {
    if (action.k !== 'sent' || action.body.kind !== 'RequestVote') continue;
    const { preVote, term } = action.body;
    if (preVote !== true) continue;
    narrator.tell({
      nodes: [server.node],
      weight: 36,
      text: (name) => `${name} asks the others whether they would vote for it in term ${term}`,
    });
    return;
  }
}

function tellVote(narrator: Narration, server: ToldServer, to: NodeId, body: Message): void {
  if (body.kind !== 'RequestVoteResponse') return;
  const { term, voteGranted, preVote } = body;
  if (preVote === true) {
    narrator.tell({
      nodes: [server.node],
      weight: voteGranted ? 26 : 22,
      key: `pre-vote ${voteGranted} ${term} ${to}`,
      text: (name) =>
        `${name} would ${voteGranted ? '' : 'not '}vote for S${to}${voteGranted ? ` in term ${term}` : ''}`,
    });
    return;
  }
  narrator.tell({
    nodes: [server.node],
    weight: voteGranted ? 46 : 22,
    key: `${voteGranted} ${term} ${to}`,
    within: voteGranted ? `leads ${term} ${to}` : null,
    text: (name) =>
      voteGranted
        ? `${name} ${verb(name, 'votes', 'vote')} for S${to} in term ${term}`
        : `${name} ${verb(name, 'refuses its vote', 'refuse their votes')} to S${to} (term ${term})`,
  });
}

function tellLeading(narrator: Narration, server: ToldServer, term: Term): void {
  if (term > server.term) server.enter(term);
  server.role = 'leader';
  server.successes = [];
  const voters = server.votes.get(term) ?? [];
  const { last, lastTerm } = server;
  const log = last === 0 ? '' : `; its log ends with index ${last}, term ${lastTerm}`;
  const votes = voters.length === 0 ? 'with no vote but its own' : `elected by ${names(voters)}`;
  narrator.tell({
    nodes: [server.node, ...voters],
    weight: 74,
    key: `leads ${term} ${server.node}`,
    text: () => `S${server.node} leads term ${term}, ${votes}${log}`,
  });
}
