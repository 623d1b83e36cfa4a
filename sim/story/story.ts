/**
 * The story of a run that failed, for a screen: from the first wrong action through what it caused
 * to the property that broke.
 *
 *     const story = tellStory(trace);
 *     console.log(formatStory(story));
 */
import { Conformance } from '../../invariants/conformance/conformance.ts';
import type { WrongAction } from '../../invariants/conformance/rule.ts';
import { ruleOf } from '../../invariants/conformance/rules.ts';
import { PROPERTIES } from '../../invariants/properties.ts';
import type { Violation } from '../../invariants/violation.ts';
import type { Trace, TraceRecord } from '../trace/format.ts';
import { isStep } from '../trace/format.ts';
import { Player } from '../trace/play.ts';
import type { Beat } from './beat.ts';
import { chooseBeats, type ToldBeat } from './choose.ts';
import { Cone } from './cone.ts';
import { heightOf } from './format-story.ts';
import { Narrator } from './narrator.ts';
import type { Story, StoryLine } from './told-story.ts';

/** Further rules that are named, with their first wrong action. */
const OTHER_RULES_MAX = 2;

/** The screen that a story fits on. */
export const STORY_LINES_MAX = 24;

/** A run that did not fail has no lines; wrong actions that came to nothing are its `firstWrong`. */
export function tellStory(trace: Trace): Story {
  const { header, records, end } = trace;
  const { cluster, network } = header.plan;
  const violation = end.violations[0] ?? null;
  const until = violation?.step ?? end.exception?.event ?? end.events;
  const wrong = wrongActions(trace).filter(({ step }) => step <= until);
  const lateUs = Math.max(cluster.config.heartbeatMs * 1000, 2 * network.latencyUsMax);
  const beats = beatsOf(records, until, new Narrator(cluster.size + cluster.spares, lateUs));
  const told = wrongLines(wrong);
  const ending = endingOf(trace, violation);
  if (ending.length === 0) return { property: null, firstWrong: wrong[0] ?? null, lines: [] };
  const chosen = chooseBeats(beats, new Cone(records), {
    wrong,
    endStep: isLiveness(violation) ? 0 : until,
    heightMax: STORY_LINES_MAX - heightOf([...told, ...ending]),
  });
  const lines = inOrder(chosen, told);
  return {
    property: violation?.property ?? null,
    firstWrong: wrong[0] ?? null,
    lines: [...lines, ...ending],
  };
}

/** In the order of the run; none where the messages are not those of Figure 2. */
function wrongActions({ header, records }: Trace): readonly WrongAction[] {
  if (!records.every(isKnown)) return [];
  const conformance = new Conformance(header.plan);
  const player = new Player(conformance);
  for (const record of records) player.play(record);
  return conformance.findings;
}

const KINDS: readonly string[] = [
  'RequestVote',
  'RequestVoteResponse',
  'AppendEntries',
  'AppendEntriesResponse',
  'InstallSnapshot',
  'InstallSnapshotResponse',
  'TimeoutNow',
];

/** Foreign implementations may send what they like. */
function isKnown(record: TraceRecord): boolean {
  if (!isStep(record)) return true;
  return record.actions.every((item) => {
    if ('t' in item || item.k !== 'sent') return true;
    const { body } = item;
    if (!KINDS.includes(body.kind) || typeof body.term !== 'number') return false;
    return body.kind !== 'AppendEntries' || Array.isArray(body.entries);
  });
}

function beatsOf(
  records: readonly TraceRecord[],
  until: number,
  narrator: Narrator,
): readonly Beat[] {
  for (const record of records) {
    if (isStep(record) && record.i > until) break;
    narrator.take(record);
  }
  return narrator.beats;
}

/** The first wrong action with its rule, and the first ones of two further rules. */
function wrongLines(wrong: readonly WrongAction[]): StoryLine[] {
  const lines: StoryLine[] = [];
  const rules: string[] = [];
  for (const { rule: id, section, node, step, atUs, sentence } of wrong) {
    if (rules.includes(id) || rules.length > OTHER_RULES_MAX) continue;
    rules.push(id);
    lines.push({ kind: 'wrong', step, atUs, text: `S${node} ${sentence}.` });
    const rule = ruleOf(id);
    if (rules.length > 1 || rule === undefined) continue;
    lines.push({ kind: 'rule', step, atUs, text: `${section}: ${rule.sentence}` });
    lines.push({ kind: 'reason', step, atUs, text: rule.reason });
  }
  return lines;
}

function endingOf({ end }: Trace, violation: Violation | null): StoryLine[] {
  if (violation !== null) {
    const { property, section, detail, step, atUs } = violation;
    return [{ kind: 'broken', step, atUs, text: `${property}, ${section}: ${detail}` }];
  }
  const { exception, verdict, reason, events, virtualUs } = end;
  const said = reason === null ? '' : ` ${reason}`;
  if (exception !== null) {
    const { node, event } = exception;
    return [{ kind: 'broken', step: event, atUs: virtualUs, text: `S${node} threw.${said}` }];
  }
  if (verdict !== 'storm') return [];
  const text = `The run had more events than its plan allows.${said}`;
  return [{ kind: 'broken', step: events, atUs: virtualUs, text }];
}

/** Seen at the end of a long time in which nothing happened: no step did it. */
function isLiveness(violation: Violation | null): boolean {
  const property = PROPERTIES.find(({ id }) => id === violation?.property);
  return property?.kind === 'liveness' || violation?.property === 'no-request-forgotten';
}

/** Wrong actions stand behind what came in with their step, and before what the world did then. */
function inOrder(beats: readonly ToldBeat[], told: readonly StoryLine[]): StoryLine[] {
  const ranked = [
    ...beats.map((beat) => ({ line: lineOf(beat), rank: beat.isWorld ? 2 : 0 })),
    ...told.map((line) => ({ line, rank: 1 })),
  ];
  ranked.sort((a, b) => a.line.step - b.line.step || a.rank - b.rank);
  return ranked.map(({ line }) => line);
}

function lineOf({ step, atUs, text }: ToldBeat): StoryLine {
  return { kind: 'event', step, atUs, text: `${text}.` };
}
