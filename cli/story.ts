/** A trace as lines for people: the story of a failure, or the timeline. */
import { wrapped } from '../sim/grading/wrapped.ts';
import { namesOf } from '../sim/replay.ts';
import { formatStory } from '../sim/story/format-story.ts';
import { tellProgramStory } from '../sim/story/programs/program-story.ts';
import { tellStory } from '../sim/story/story.ts';
import { formatTimelineLine, HEADING } from '../sim/timeline/format-line.ts';
import { type TimelineLine, timelineOf } from '../sim/timeline/timeline.ts';
import type { Trace } from '../sim/trace/format.ts';
import { parseTrace } from '../sim/trace/reader.ts';
import { grouped } from './table.ts';

/** A timeline is shown whole up to this many lines; of a longer one, the end. */
const WHOLE_MAX = 200;
const END_LINES = 40;

/**
 * `lines` are those of a trace file. Of a run that failed a screen that tells why, unless the whole is
 * asked for: then, and of other runs, the timeline. Of a long one the end; timers being set, on nearly
 * every line, and regular looks at the whole only with every detail.
 */
export function storyOf(
  lines: readonly string[],
  { isWhole, isDetailed }: { readonly isWhole: boolean; readonly isDetailed: boolean },
): string {
  const trace = parseTrace(`${lines.join('\n')}\n`);
  const { header, records, end } = trace;
  const story = isWhole ? [] : storyLines(trace);
  if (story.length > 0) {
    const note = `(of ${grouped(end.events)} events; --verbose shows all of them)`;
    return [...story, note].join('\n');
  }
  const told: string[] = [];
  for (const line of timelineOf(records, namesOf(header))) {
    if (isDetailed || isOfInterest(line)) {
      told.push(formatTimelineLine(line, { withTimers: isDetailed }));
    }
  }
  if (isWhole || told.length <= WHOLE_MAX) return [HEADING, ...told].join('\n');
  const left = told.length - END_LINES;
  const note = `… ${grouped(left)} lines before these; --verbose shows all of them.`;
  return [HEADING, note, ...told.slice(-END_LINES)].join('\n');
}

/** None of a run that did not fail. */
function storyLines(trace: Trace): readonly string[] {
  const { header, end } = trace;
  if (header.capabilities === undefined) {
    const story = tellStory(trace);
    return story.lines.length === 0 ? [] : [formatStory(story)];
  }
  if (end.verdict === 'pass' || end.verdict === 'excused') return [];
  const { picture, lines, evidence } = tellProgramStory(trace);
  const spoken = evidence.flatMap((sentence) => wrapped(sentence));
  return [...picture, ...lines.map(({ closer }) => closer), ...spoken];
}

function isOfInterest({ kind }: TimelineLine): boolean {
  return kind !== 'inspection';
}
