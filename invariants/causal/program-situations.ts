/**
 * Named situations of runs of opaque programs, counted: who never got into one of them has not been
 * tested for what is special about it. Counters only; no verdict rests on them.
 */

export interface ProgramSituation {
  readonly id: string;
  readonly sentence: string;
}

/** What can be counted, in the order of reports. */
const SENTENCES = {
  'candidate-claimed': 'A server said that it stood for election.',
  'two-candidates-claimed': 'Two servers said that they stood in one term.',
  'leader-claimed': 'A server said that it led a new term.',
  'leader-changed': 'Another server than before said that it led.',
  'leader-again': 'A server said that it led a term, and had led an earlier one.',
  'two-leaders-claimed': 'Two live servers said at once that they led, in different terms.',
  'leader-stepped-down': 'A server that had led said that it followed.',
  'even-sized-leader': 'A leader was claimed in a cluster of even size.',
  'leader-cut-off': 'A server that said it led lost the links to a majority.',
  'majority-regained': 'A leader that was cut off had the links to a majority again.',
  'stale-leader-asked': 'A client asked a leader that had a live successor already.',
  'leader-paused': 'A server that said it led was paused.',
  'leader-crashed': 'A server that said it led crashed.',

  'request-handed': 'A client asked a server.',
  'ok-answered': 'A write was answered with ok.',
  'read-answered': 'A read was answered with ok.',
  'read-answered-directly': 'A read was answered without having been applied.',
  'redirect-answered': 'A request was answered with redirect.',
  'redirect-followed': 'A client tried again at the server that a redirect named.',
  'rejected-answered': 'A request was answered with rejected.',
  'unknown-answered': 'A request was answered with unknown.',
  'unknown-but-applied': 'A command was applied although its client was never told.',
  'concurrent-requests': 'A server was handed a request while another one waited for its answer.',

  'command-applied': 'A command was applied for the first time.',
  'applied-elsewhere': 'A server applied a command that another had applied before.',
  'applied-by-all': 'All servers had applied everything that anybody had.',
  'lagging-server': 'A server was five commands or more behind the furthest one.',
  'caught-up': 'A server that had been five commands behind had applied all of them.',
  'applied-after-restart': 'A restarted server applied commands again from the first one on.',
  'snapshot-taken': 'A snapshot of the store was taken.',
  'snapshot-restored': 'A server went on from a snapshot.',
  'snapshot-installed': 'A server that was running went on from the snapshot of another.',

  'message-lost': 'A message was lost.',
  'message-duplicated': 'A message was delivered twice.',
  'message-reordered': 'A message arrived after a later one of the same sender.',
  'message-after-restart': 'A message arrived that was sent before the life of its receiver.',
  'links-blocked': 'Some links were blocked.',
  'one-way-cut': 'A link was dead in one direction only.',

  'write-issued': 'A server wrote to its disk.',
  'write-failed': 'A write failed.',
  'crash-with-unfinished-write': 'A server crashed with a write on its way to disk.',
  'crash-lost-writes': 'A crash lost writes that were on their way to disk.',
  'crash-in-step': 'A server crashed between two actions of one step.',
  'restarted-with-writes': 'A server was started again, and got something back from its disk.',
  'crashed-again': 'A restarted server crashed again before anybody had told it anything.',
  'majority-down': 'A majority of the servers was down at once.',
  'all-down': 'All servers were down at once.',
  'server-paused': 'A server was paused.',
  halted: 'A server stopped itself.',
  'membership-changed': 'A change of membership was answered with ok.',
  'leadership-transferred': 'A transfer of leadership was answered with ok.',
} as const;

export type ProgramSituationId = keyof typeof SENTENCES;

const IDS = Object.keys(SENTENCES) as ProgramSituationId[];

/** In the order of reports. */
export const PROGRAM_SITUATIONS: readonly ProgramSituation[] = IDS.map((id) => {
  return { id, sentence: SENTENCES[id] };
});

/** Place of each situation in the counters. */
export const Met = Object.fromEntries(IDS.map((id, place) => [id, place])) as Readonly<
  Record<ProgramSituationId, number>
>;

/** Hits of one run. */
export class ProgramSituations {
  private readonly counts = new Int32Array(IDS.length);

  count(place: number): void {
    this.counts[place]! += 1;
  }

  /** Hits by id, zeros included, in the order of reports. */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    for (const [place, id] of IDS.entries()) record[id] = this.counts[place]!;
    return record;
  }
}
