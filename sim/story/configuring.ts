/** Configurations in sentences, and what operators ask for. */
import type { AdminRequest } from '../../core/contract.ts';
import type { Configuration, Entry, LogIndex } from '../../core/messages.ts';
import { configurationWords } from '../../invariants/configuration-words.ts';
import type { ActionRecord, StepRecord } from '../trace/format.ts';
import { names } from './beat.ts';
import type { Narration } from './narration.ts';
import type { ToldServer } from './told-server.ts';

/** "the configuration S1 S2 S3", "the configuration C_old,new S1 S2 S3 / S2 S3 S4". */
export function configurationPhrase(configuration: Configuration): string {
  return `the configuration ${configurationWords(configuration)}`;
}

/** The last configuration among these entries, as a part of a sentence; empty when there is none. */
export function configurationAmong(entries: readonly Entry[]): string {
  const { configuration } = entries.findLast((entry) => entry.configuration !== undefined) ?? {};
  if (configuration === undefined) return '';
  const what = configurationPhrase(configuration);
  return entries.length === 1 ? `, ${what}` : `, with ${what}`;
}

/** A leader makes a configuration: in force as soon as it is in the log (§6). */
export function tellConfiguration(
  narrator: Narration,
  { node }: ToldServer,
  configuration: Configuration,
  index: LogIndex,
): void {
  narrator.tell({
    nodes: [node],
    weight: 64,
    text: (name) => `${name} appends ${configurationPhrase(configuration)} as index ${index}`,
  });
}

/** An operator asks. */
export function tellAsked(
  narrator: Narration,
  server: ToldServer,
  step: StepRecord & { readonly k: 'adminRequested' },
): void {
  const { request, requestId } = step;
  server.adminRequests.set(requestId, request);
  narrator.tell({
    nodes: [server.node],
    isArrival: true,
    weight: 52,
    text: (name) => `${name} is asked to ${wish(request)}`,
  });
}

/** What operators are told, and reads that were answered without the log. */
export function tellOutcomes(
  narrator: Narration,
  server: ToldServer,
  own: readonly ActionRecord[],
): void {
  for (const action of own) {
    if (action.k !== 'responded') continue;
    const { requestId, outcome, value } = action;
    const asked = server.adminRequests.get(requestId);
    if (asked !== undefined && outcome !== 'redirect') {
      narrator.tell({
        nodes: [server.node],
        weight: outcome === 'ok' ? 44 : 40,
        text: (name) => `${name} answers ${outcome} to the operator who asked it to ${wish(asked)}`,
      });
    }
    const read = server.reads.get(requestId);
    if (read === undefined || outcome !== 'ok') continue;
    const what = value === null ? 'nothing' : `"${value}"`;
    narrator.tell({
      nodes: [server.node],
      weight: 50,
      text: (name) => `${name} answers "${read.command.op}" with ${what}, without the log`,
    });
  }
}

/** A leader lets another server stand (thesis §3.10). */
export function tellTransfer(
  narrator: Narration,
  { node }: ToldServer,
  own: readonly ActionRecord[],
): void {
  for (const action of own) {
    if (action.k !== 'sent' || action.body.kind !== 'TimeoutNow') continue;
    const { to, body } = action;
    narrator.tell({
      nodes: [node, to],
      weight: 58,
      text: () => `S${node}, the leader of term ${body.term}, tells S${to} to stand for election`,
    });
  }
}

/** "make S2, S3 and S4 the voters". */
function wish(request: AdminRequest): string {
  switch (request.kind) {
    case 'changeMembership': {
      const { voters, learners } = request;
      const more = learners.length === 0 ? '' : `, with ${names(learners)} learning`;
      return `make ${names(voters)} the ${voters.length === 1 ? 'voter' : 'voters'}${more}`;
    }
    case 'transferLeadership':
      return `let S${request.to} lead`;
    case 'takeSnapshot':
      return 'take a snapshot';
  }
}
