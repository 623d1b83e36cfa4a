/** The report of one run as text. */
import type { ChalkInstance } from 'chalk';
import { SITUATIONS } from '../invariants/all-situations.ts';
import type { Violation } from '../invariants/violation.ts';
import { milliseconds } from '../sim/timeline/format-line.ts';
import type { ComparisonReport } from './comparison.ts';
import { ExitCode } from './exit-code.ts';
import { exitCodeOf, type SingleReport } from './single-run.ts';
import { columns, grouped } from './table.ts';

/** More names than this say less than their number. */
const SITUATIONS_NAMED_MAX = 8;

export function singleText(report: SingleReport, colours: ChalkInstance): string {
  const parts = [counts(report, colours)];
  for (const violation of report.violations) parts.push(violationText(violation, colours));
  if (report.missing !== null) {
    parts.push(`${colours.red('Not shown')}: ${report.missing}`);
  }
  if (report.comparison !== null) parts.push(comparisonText(report.comparison, colours));
  parts.push(verdictText(report, colours));
  return parts.join('\n\n');
}

/** Both things that a replay says, what they are held against, and what follows from them. */
function comparisonText(comparison: ComparisonReport, colours: ChalkInstance): string {
  const { firstWrong, sentence, perturbed } = comparison;
  const rows: [string, string][] = [['outcome', outcomeText(comparison)]];
  if (comparison.hasTrace) rows.push(['divergence', divergenceText(comparison)]);
  if (firstWrong !== null) {
    rows.push(['first wrong', `event ${firstWrong.step}: ${firstWrong.sentence}`]);
  }
  const table = columns(rows.map(([name, value]) => [colours.dim(name), value]));
  if (perturbed === null) return `${table}\n\n${sentence}`;
  const { runs, failed } = perturbed;
  return `${table}\n\n${sentence} Of ${runs} runs of the plan with other luck ${failed} fail.`;
}

function outcomeText({ outcome, recordedFailure, replayedFailure }: ComparisonReport): string {
  if (outcome === 'same') return `still fails: ${replayedFailure}`;
  if (outcome === 'another') {
    return `other failure: ${replayedFailure}, recorded ${recordedFailure ?? 'none'}`;
  }
  return recordedFailure === null
    ? 'no failure, as recorded'
    : `no failure, recorded ${recordedFailure}`;
}

function divergenceText({
  divergence,
  divergesFrom,
  causeStep,
  firstWrong,
}: ComparisonReport): string {
  if (divergence === null) return 'none';
  const { step, atUs, server, place, recorded, replayed } = divergence;
  const cause = firstWrong === null ? 'the failure' : 'the first wrong action';
  const side = divergesFrom === 'before the cause' ? 'before' : 'not before';
  const against = divergesFrom === null ? '' : `, ${side} ${cause} at event ${causeStep}`;
  const who = place === 'action' ? `${server} ` : '';
  const versions = `${who}${recorded}; now ${who}${replayed}`;
  return `at event ${step} (${milliseconds(atUs)} ms)${against}: ${versions}`;
}

function counts(report: SingleReport, colours: ChalkInstance): string {
  const { statistics, situations, events, virtualUs, digest, versions } = report;
  const rows: [string, string][] = [
    ['run', report.scenario === null ? `seed ${report.seed}` : `scenario ${report.scenario}`],
    ['implementation', report.implementation],
  ];
  if (report.claim !== null) rows.push(['claim', report.claim]);
  if (events !== null) rows.push(['events', grouped(events)]);
  if (virtualUs !== null) rows.push(['virtual time', `${milliseconds(virtualUs)} ms`]);
  if (digest !== null) {
    const reached = Object.entries(situations).filter(([, hits]) => hits > 0);
    rows.push(
      ['leaders', grouped(statistics['leaders'] ?? 0)],
      doneRow(statistics),
      ['situations', situationsWords(reached.map(([id]) => id))],
      ['digest', digest],
    );
  }
  const { whitewater, schema, generator, engine } = versions;
  const numbers = `schema ${schema}, generator ${generator}, engine ${engine}`;
  rows.push(['versions', `whitewater ${whitewater}, ${numbers}`]);
  return columns(rows.map(([name, value]) => [colours.dim(name), value]));
}

/** Nobody sees what programs commit. */
function doneRow({ committedCommands = 0, acknowledged = 0 }: Counts): [string, string] {
  if (acknowledged > committedCommands) return ['answered ok', `${grouped(acknowledged)} commands`];
  return ['committed', `${grouped(committedCommands)} commands`];
}

type Counts = Readonly<Record<string, number>>;

/** Names while there are few; --json has all of them, with their hits. */
function situationsWords(reached: readonly string[]): string {
  if (reached.length <= SITUATIONS_NAMED_MAX) return reached.join(', ');
  return `${reached.length} of ${SITUATIONS.length} reached`;
}

export function violationText(violation: Violation, colours: ChalkInstance): string {
  const { property, section, sentence, detail, atUs, step } = violation;
  return [
    `${colours.red(property)} (${section}), ${milliseconds(atUs)} ms, event ${step}`,
    `  ${sentence}`,
    `  ${detail}`,
  ].join('\n');
}

function verdictText(report: SingleReport, colours: ChalkInstance): string {
  const { verdict, detail, replay } = report;
  const sentence = detail === null ? '' : ` ${detail}`;
  switch (exitCodeOf(report)) {
    case ExitCode.ok:
      if (verdict === 'excused') return colours.yellow(`Excused:${sentence}`);
      if (!report.hasCriterion) return colours.green('All properties held.');
      return colours.green('All properties held, and the scenario showed what it claims.');
    case ExitCode.bench: {
      const whose =
        verdict === 'never-started'
          ? 'The implementation was never put to the test.'
          : 'The bench failed; nothing is said about the implementation.';
      return `${colours.red(whose)}${sentence}\n  replay: ${colours.cyan(replay)}`;
    }
    default:
      return `${colours.red(failureOf(report))}${sentence}\n  replay: ${colours.cyan(replay)}`;
  }
}

function failureOf({ verdict, stack }: SingleReport): string {
  switch (verdict) {
    case 'violation':
      return 'A property was violated.';
    case 'storm':
      return 'Storm: the run had more events than its plan allows.';
    case 'exception':
      return stack === null ? 'The program failed by itself.' : 'The implementation threw.';
    case 'hang':
      return 'The implementation hangs.';
    case 'died':
      return 'The implementation took its worker down.';
    default:
      return 'The scenario did not show what it claims.';
  }
}
