/** A trace as lines for people: the story of a failure, or the timeline. */
import { formatStory } from '../sim/story/format-story.ts';
import { tellStory } from '../sim/story/story.ts';
import { formatTimelineLine, HEADING } from '../sim/timeline/format-line.ts';
import { type TimelineLine, timelineOf } from '../sim/timeline/timeline.ts';
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
  const { records, end } = trace;
  const story = tellStory(trace);
  if (!isWhole && story.lines.length > 0) {
    return `${formatStory(story)}\n(of ${grouped(end.events)} events; --verbose shows all of them)`;
  }
  const told: string[] = [];
  for (const line of timelineOf(records)) {
    if (isDetailed || isOfInterest(line)) {
      told.push(formatTimelineLine(line, { withTimers: isDetailed }));
    }
  }
  if (isWhole || told.length <= WHOLE_MAX) return [HEADING, ...told].join('\n');
  const left = told.length - END_LINES;
  const note = `… ${grouped(left)} lines before these; --verbose shows all of them.`;
  return [HEADING, note, ...told.slice(-END_LINES)].join('\n');
}

function isOfInterest({ kind }: TimelineLine): boolean {
  return kind !== 'inspection';
}
