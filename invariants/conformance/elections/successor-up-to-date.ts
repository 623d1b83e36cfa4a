import type { NodeId } from '../../../core/messages.ts';
import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const successorUpToDate: Rule = {
  id: 'successor-up-to-date',
  section: 'thesis §3.10',
  sentence: 'A leader asks another server to stand when that has all of its log.',
  reason: 'A server that lacks an entry is not elected, and the cluster has no leader meanwhile.',
};

/** TimeoutNow is sent. */
export function checkHasAll(scene: Scene, server: ObservedServer, to: NodeId): void {
  const { issued, reignTerm, successTerm } = server;
  const match = successTerm === reignTerm ? (server.successes[to] ?? 0) : 0;
  if (match >= issued.last) return;
  scene.report(
    successorUpToDate,
    server,
    `asked S${to} to stand for election, which has its log only through index ${match} of ${issued.last} as far as it knows`,
  );
}
