/** Where two runs part, in words for people and as the facts themselves. */
import { isDeepStrictEqual } from 'node:util';
import type { NodeId } from '../../core/messages.ts';
import { milliseconds } from '../timeline/format-line.ts';
import { type NameOf, serverName } from '../timeline/server-name.ts';
import { Timeline } from '../timeline/timeline.ts';
import { isStep, type StepRecord, type TraceRecord } from './format.ts';

/** The first fact in which two runs differ. All facts before it are equal. */
export interface Divergence {
  /** The step in which it stands, or the last step before it; 0 before the first step. */
  readonly step: number;
  readonly atUs: number;
  /** The server whose step it is, and its name; 0 and empty between steps. */
  readonly node: NodeId;
  readonly server: string;
  /**
   * - event: another event came, or the same one with another content: the world differs.
   * - action: the same server got the same event and did something else.
   * - world: a fact of the world between steps.
   * - end: one run was over.
   */
  readonly place: 'event' | 'action' | 'world' | 'end';
  /** In words. */
  readonly recorded: string;
  readonly replayed: string;
  /** Those facts as they stand in a trace; null where there was none. */
  readonly recordedFact: unknown;
  readonly replayedFact: unknown;
}

/** The first difference of two whole runs; null when there is none. */
export function firstDivergence(
  recorded: readonly TraceRecord[],
  replayed: readonly TraceRecord[],
  nameOf: NameOf = serverName,
): Divergence | null {
  const length = Math.max(recorded.length, replayed.length);
  for (let i = 0; i < length; i += 1) {
    if (isDeepStrictEqual(recorded[i], replayed[i])) continue;
    return divergenceAt(recorded.slice(0, i), recorded[i] ?? null, replayed[i] ?? null, nameOf);
  }
  return null;
}

/** How two records differ that follow equal ones; null: that run was over. */
export function divergenceAt(
  before: readonly TraceRecord[],
  recorded: TraceRecord | null,
  replayed: TraceRecord | null,
  nameOf: NameOf = serverName,
): Divergence {
  const some = (recorded ?? replayed)!;
  const last = before.findLast(isStep);
  const place = placeOf(recorded, replayed);
  const [was, is] =
    place === 'action'
      ? differentActions(before, recorded as StepRecord, replayed as StepRecord, nameOf)
      : [eventVersion(before, recorded, nameOf), eventVersion(before, replayed, nameOf)];
  // Words leave things out; where they cannot tell the versions apart, the facts do.
  const areTold = was.words !== is.words;
  const node = isStep(some) ? some.n : 0;
  return {
    step: isStep(some) ? some.i : (last?.i ?? 0),
    atUs: some.t,
    node,
    server: node === 0 ? '' : nameOf(node),
    place,
    recorded: areTold ? was.words : JSON.stringify(was.fact),
    replayed: areTold ? is.words : JSON.stringify(is.fact),
    recordedFact: was.fact,
    replayedFact: is.fact,
  };
}

function placeOf(recorded: TraceRecord | null, replayed: TraceRecord | null): Divergence['place'] {
  if (recorded === null || replayed === null) return 'end';
  if (!isStep(recorded) && !isStep(replayed)) return 'world';
  if (!isStep(recorded) || !isStep(replayed)) return 'event';
  return isDeepStrictEqual(eventOf(recorded), eventOf(replayed)) ? 'action' : 'event';
}

function eventOf(record: TraceRecord): unknown {
  if (!isStep(record)) return record;
  const { actions: _actions, ends: _ends, ...event } = record;
  return event;
}

/** One of two versions of a fact. */
interface Version {
  readonly words: string;
  readonly fact: unknown;
}

function eventVersion(
  before: readonly TraceRecord[],
  record: TraceRecord | null,
  nameOf: NameOf,
): Version {
  if (record === null) return { words: 'the run is over', fact: null };
  const { server, event, atUs } = timelineAfter(before, nameOf).take(record);
  const who = server === '' ? '' : `${server}: `;
  return { words: `${who}${event.text}, at ${milliseconds(atUs)} ms`, fact: eventOf(record) };
}

/** The versions of the first action in which two runs of the same step differ. */
function differentActions(
  before: readonly TraceRecord[],
  recorded: StepRecord,
  replayed: StepRecord,
  nameOf: NameOf,
): [Version, Version] {
  let first = 0;
  const lengthMin = Math.min(recorded.actions.length, replayed.actions.length);
  while (first < lengthMin && isDeepStrictEqual(recorded.actions[first], replayed.actions[first])) {
    first += 1;
  }
  return [
    actionVersion(before, recorded, first, nameOf),
    actionVersion(before, replayed, first, nameOf),
  ];
}

function actionVersion(
  before: readonly TraceRecord[],
  step: StepRecord,
  place: number,
  nameOf: NameOf,
): Version {
  const fact = step.actions[place];
  if (fact === undefined) return { words: END_WORDS[step.ends], fact: null };
  return { words: timelineAfter(before, nameOf).phraseAt(step, place).text, fact };
}

const END_WORDS: Readonly<Record<StepRecord['ends'], string>> = {
  done: 'does nothing more in this step',
  crashed: 'has crashed',
  open: 'throws',
};

function timelineAfter(records: readonly TraceRecord[], nameOf: NameOf): Timeline {
  const timeline = new Timeline(nameOf);
  for (const record of records) timeline.take(record);
  return timeline;
}
