/** The first act of a reign: AppendEntries that is sent, or an entry that is made. */
import type { Term } from '../../core/messages.ts';
import { checkElected } from './elections/elected-by-majority.ts';
import { checkOwnVoteDurable } from './elections/own-vote-durable.ts';
import { Reign } from './observed-reign.ts';
import type { ObservedServer } from './observed-server.ts';
import type { Scene } from './scene.ts';

/** This life acts as the leader of a term. */
export function actAsLeader(scene: Scene, server: ObservedServer, term: Term): void {
  if (server.reignTerm === term) return;
  if (checkElected(scene, server, term)) checkOwnVoteDurable(scene, server, term);
  server.reignTerm = term;
  server.reign = new Reign({ step: scene.step, atUs: scene.atUs });
  server.created.clear();
}
