/** The faults that a plan can hold, for `list faults`. */
import type { FaultAction, FaultTrigger } from '../sim/kernel/plan.ts';

/** model: every verdict holds under it. Nothing outside the model is injected. */
export interface FaultListing {
  readonly id: string;
  readonly faultClass: 'model' | 'trigger';
  readonly sentence: string;
}

const ACTIONS: Readonly<Record<FaultAction['do'], string>> = {
  crash: 'A server loses its memory and its unfinished writes, and restarts later or not.',
  restart: 'A server that is down starts from its disk.',
  pause: 'A server loses time; its memory and its messages are kept.',
  block: 'Directed links carry nothing: any partition, also one-way.',
  isolate: 'One server is cut off, both ways, only in or only out.',
  unblock: 'All links are free again.',
  elapse: 'A running timer runs out at once.',
};

const CHANCES: Readonly<Record<string, string>> = {
  loss: 'A message is lost.',
  duplicate: 'A message arrives twice.',
  tail: 'A message takes many election timeouts, and others overtake it.',
  'client-loss': 'A request, or its answer, is lost.',
  'partial-write': 'At a crash a prefix of the unfinished writes survives, entry by entry.',
};

const TRIGGERS: Readonly<Record<FaultTrigger['on'], string>> = {
  leader: 'Fires when a server has become leader and has issued so many appends.',
  commit: 'Fires when the commit index of a leader advances.',
  voteGranted: 'Fires at a granted vote, before or after it is sent.',
  write: 'Fires before a write, after it, or when it is done and the server not yet told.',
  action: 'Fires between two actions of a server.',
  broadcast: 'Fires when a server speaks to all others after a silence.',
  senders: 'Fires when a server has heard from so many others.',
  apply: 'Fires when an index is applied for the first time.',
  acknowledged: 'Fires when a client has got its answer.',
};

export const FAULTS: readonly FaultListing[] = [
  ...listing('model', ACTIONS),
  ...listing('model', CHANCES),
  ...listing('trigger', TRIGGERS),
];

function listing(
  faultClass: FaultListing['faultClass'],
  sentences: Readonly<Record<string, string>>,
): FaultListing[] {
  return Object.entries(sentences).map(([id, sentence]) => ({ id, faultClass, sentence }));
}
