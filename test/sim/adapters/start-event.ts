import type { ProgramEvent } from '../../../sim/protocol/events.ts';

/** The first boot of a server that is alone. */
export const START: ProgramEvent = {
  kind: 'start',
  now: 0,
  self: 'n1',
  index: 0,
  members: ['n1'],
  boot: 0,
  seed: 'a',
  durable: null,
  config: { maxDriftPpm: 0, snapshotEvery: null },
};
