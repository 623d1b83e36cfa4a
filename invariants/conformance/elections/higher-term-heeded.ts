import type { AppendEntries, InstallSnapshot, TimeoutNow } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const higherTermHeeded: Rule = {
  id: 'higher-term-heeded',
  section: '§5.1, Figure 2 (all servers)',
  sentence: 'A leader that finds a higher term in an answer, or in AppendEntries, leads no longer.',
  reason: 'The others are in the higher term: what it sends in the old one is refused.',
};

/**
 * A message is sent that only leaders send. Requests for votes may be ignored (thesis §4.2.3), other
 * messages not.
 */
export function checkNotDeposed(
  scene: Scene,
  server: ObservedServer,
  body: AppendEntries | InstallSnapshot | TimeoutNow,
): void {
  if (server.deposedBy <= body.term) return;
  scene.report(
    higherTermHeeded,
    server,
    `sent ${body.kind} of term ${body.term}, after an answer had told it of term ${server.deposedBy}`,
  );
}
