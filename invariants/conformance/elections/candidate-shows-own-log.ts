import type { RequestVote } from '../../../core/messages.ts';
import { entryWords } from '../observed-log.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const candidateShowsOwnLog: Rule = {
  id: 'candidate-shows-own-log',
  section: '§5.4.1, Figure 2 (RequestVote, arguments)',
  sentence: 'RequestVote names the last entry of the candidate’s own log.',
  reason: 'Voters keep out who lacks what is committed, and know its log only by this.',
};

/**
 * RequestVote is sent. Only what contradicts the log, now and when the server stood: the end of the
 * log may not be written yet, and what waited for the disk may leave when the log has changed.
 */
export function checkOwnLog(scene: Scene, server: ObservedServer, body: RequestVote): void {
  const { lastLogIndex, lastLogTerm } = body;
  const own = server.issued.termAt(lastLogIndex);
  if (own < 0 || own === lastLogTerm) return;
  if (lastLogIndex === server.stoodIndex && lastLogTerm === server.stoodTerm) return;
  scene.report(
    candidateShowsOwnLog,
    server,
    `asked for ${body.preVote === true ? 'pre-votes' : 'votes'} with last entry (${entryWords(lastLogIndex, lastLogTerm)}), and its log has term ${own} there`,
  );
}
