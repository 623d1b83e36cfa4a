/** The faults that a plan can hold, for `list faults`. */
import type { FaultAction, FaultTrigger } from '../sim/kernel/plan.ts';

/** model: every verdict holds under it. Nothing outside the model is injected. */
export interface FaultListing {
  readonly id: string;
  readonly faultClass: 'model' | 'trigger';
  readonly sentence: string;
}

const ACTIONS: Readonly<Record<FaultAction['do'], string>> = {
  wipe: 'A server and its disk are gone for good.',
  crash: 'A server loses its memory and its unfinished writes, and restarts later or not.',
  restart: 'A server that is down starts from its disk.',
  pause: 'A server loses time; its memory and its messages are kept.',
  block: 'Directed links carry nothing: any partition, also one-way.',
  isolate: 'One server is cut off, both ways, only in or only out.',
  unblock: 'All links are free again.',
  elapse: 'A running timer runs out at once.',
  exhume: 'Old messages to a server come again, from reigns or terms that are over.',
  clog: 'The links of a server hold everything up, and then deliver it all at once.',
  interfere: 'Messages of one kind are lost, late or doubled.',
  stall: 'A disk, or a stream of it, finishes nothing for a time.',
  slow: 'A disk takes many times as long.',
  failWrites: 'The next write fails, or every write for a time: a full disk.',
  outrun:
    'What a server sent behind an unfinished write arrives, and the write is lost in a crash.',
};

const CHANCES: Readonly<Record<string, string>> = {
  loss: 'A message is lost.',
  duplicate: 'A message arrives twice.',
  tail: 'A message takes many election timeouts, and others overtake it.',
  'client-loss': 'A request, or its answer, is lost.',
  graveyard: 'A message of long ago arrives once more.',
  'write-failure': 'A write fails, and with it all behind it in its stream.',
  'late-notice': 'A server is told late, and out of order, that its writes are durable.',
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
  started: 'Fires when a server has been started again.',
  candidate: 'Fires when a server stands for election, before its first request leaves.',
  leaderAgain: 'Fires like leader, when a server that has led before leads again.',
  success: 'Fires at an AppendEntries that succeeds, before the answer is sent or after it.',
  truncate: 'Fires when a server drops the end of its log.',
  configuration: 'Fires when a leader appends a configuration.',
  configurationCommitted: 'Fires when a configuration is applied for the first time.',
  snapshotSent: 'Fires when a chunk of a snapshot has been sent, or its last one.',
  snapshotTaken: 'Fires when a server is to get a snapshot of its state machine.',
  snapshotWritten: 'Fires when a server has begun to write a snapshot.',
  timeoutNow: 'Fires when a leader has handed its reign over.',
  readServed: 'Fires before a read is answered that did not go through the log.',
  sendBehindWrite: 'Fires when a server has sent something while a write of it is unfinished.',
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
