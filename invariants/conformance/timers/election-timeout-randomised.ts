import type { ObservedServer } from '../observed-server.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';

export const electionTimeoutRandomised: Rule = {
  id: 'election-timeout-randomised',
  section: '§5.2',
  sentence: 'Election timeouts are drawn at random from an interval, anew for each election.',
  reason: 'Servers with the same timeout stand together, split the vote, and do so again for ever.',
};

/** So often in a row the same fixed timeout is no accident. */
const REPEATS = 5;

export function checkDrawn(
  scene: Scene,
  server: ObservedServer,
  minMs: number,
  maxMs: number,
): void {
  const { timer } = server;
  const { electionMsMin, electionMsMax } = scene.config;
  if (minMs !== maxMs || electionMsMin === electionMsMax || scene.size === 1) {
    timer.fixedCount = 0;
    return;
  }
  timer.fixedCount = timer.fixedMs === minMs ? timer.fixedCount + 1 : 1;
  timer.fixedMs = minMs;
  if (timer.fixedCount !== REPEATS) return;
  scene.report(
    electionTimeoutRandomised,
    server,
    `set its election timer to ${minMs} ms for the ${REPEATS}th time in a row, and not to a value drawn anew`,
  );
}
