/** Puts a line of the timeline into columns: step, time, server, role and term, what happened. */
import type { Phrase } from './phrases.ts';
import type { TimelineLine } from './timeline.ts';

export interface FormatOptions {
  /** Also tell of timers being set and stopped: on nearly every line. */
  readonly withTimers: boolean;
}

/** One text per column, not yet padded; views that colour put their colours between. */
export interface TimelineColumns {
  readonly step: string;
  /** Milliseconds with three decimals. */
  readonly time: string;
  readonly server: string;
  readonly role: string;
  readonly event: string;
  /** Empty when nothing came of the event. */
  readonly actions: string;
}

export const COLUMN_WIDTHS = { step: 6, time: 11, server: 3, role: 13 } as const;

/** The names of the columns, above them. */
export const HEADING = [
  'event'.padStart(COLUMN_WIDTHS.step),
  'ms'.padStart(COLUMN_WIDTHS.time),
  'on'.padEnd(COLUMN_WIDTHS.server),
  'role, term'.padEnd(COLUMN_WIDTHS.role),
  'what happens → what the server does',
].join(' ');

export function columnsOf(line: TimelineLine, options: FormatOptions): TimelineColumns {
  const shown = line.actions.filter(({ kind }) => options.withTimers || !isTimer(kind));
  return {
    step: line.step === 0 ? '' : String(line.step),
    time: milliseconds(line.atUs),
    server: line.server,
    role: roleOf(line),
    event: line.event.text,
    actions: shown.map(({ text }) => text).join('; '),
  };
}

/** `    41     153.204  S3  follower 2     AppendEntries from … → sends …; persists …` */
export function formatTimelineLine(line: TimelineLine, options: FormatOptions): string {
  const { step, time, server, role, event, actions } = columnsOf(line, options);
  const place = [
    step.padStart(COLUMN_WIDTHS.step),
    time.padStart(COLUMN_WIDTHS.time),
    server.padEnd(COLUMN_WIDTHS.server),
    role.padEnd(COLUMN_WIDTHS.role),
  ].join(' ');
  return `${place} ${event}${actions === '' ? '' : ` → ${actions}`}`;
}

/** "153.204". */
export function milliseconds(atUs: number): string {
  const fraction = String(atUs % 1000).padStart(3, '0');
  return `${Math.floor(atUs / 1000)}.${fraction}`;
}

function roleOf({ node, role, term }: TimelineLine): string {
  if (node === 0 || role === 'none') return '';
  return role === 'down' || role === 'paused' ? role : `${role} ${term}`;
}

function isTimer(kind: Phrase['kind']): boolean {
  return kind === 'timerSet' || kind === 'timerCancelled';
}
