/** A trace as lines for people. */
import { formatTimelineLine } from '../sim/timeline/format-line.ts';
import { type TimelineLine, timelineOf } from '../sim/timeline/timeline.ts';
import { parseTrace } from '../sim/trace/reader.ts';
import { grouped } from './table.ts';

/** A story is told whole up to this many lines; of a longer one, the end. */
const WHOLE_MAX = 200;
const END_LINES = 40;

/** `lines` are those of a trace file. */
export function storyOf(lines: readonly string[], isWhole: boolean): string {
  const { records } = parseTrace(`${lines.join('\n')}\n`);
  const told: string[] = [];
  for (const line of timelineOf(records)) {
    if (isWhole || isOfInterest(line)) {
      told.push(formatTimelineLine(line, { withTimers: isWhole }));
    }
  }
  if (isWhole || told.length <= WHOLE_MAX) return told.join('\n');
  const left = told.length - END_LINES;
  const note = `… ${grouped(left)} lines before these; --verbose shows all of them.`;
  return [note, ...told.slice(-END_LINES)].join('\n');
}

function isOfInterest({ kind }: TimelineLine): boolean {
  return kind !== 'inspection';
}
