/** What a server is told when it starts. */
import type { ServerConfig, StartEvent } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import type { Process } from './process.ts';

/** `luck` in [0, 1) makes the seed of this life. */
export function startEvent(
  process: Process,
  members: readonly NodeId[],
  config: ServerConfig,
  nowUs: number,
  luck: number,
): StartEvent {
  const seed = Math.floor(luck * 0x100000000);
  const now = process.clock.now(nowUs);
  return {
    kind: 'start',
    now,
    wallClock: process.clock.wallClock(nowUs, now),
    self: process.node,
    index: process.node - 1,
    members,
    boot: process.boot,
    seed: seed.toString(16).padStart(8, '0'),
    image: process.disk.image(),
    applied: process.machineLog === null ? null : process.lastApplied,
    config,
  };
}
