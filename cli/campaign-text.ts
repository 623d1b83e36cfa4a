/** The report of a campaign as text. */
import type { ChalkInstance } from 'chalk';
import { milliseconds } from '../sim/timeline/format-line.ts';
import {
  brokenFloors,
  type CampaignReport,
  corpusFailures,
  exitCodeOf,
  type FailureReport,
} from './campaign-report.ts';
import { corpusCounts, corpusTexts } from './corpus-text.ts';
import { ExitCode } from './exit-code.ts';
import { columns, grouped, percent } from './table.ts';

/** Of many failures these are shown; --json and the results file have the rest. */
const SHOWN_MAX = 5;

export function campaignText(report: CampaignReport, colours: ChalkInstance): string {
  const parts = [summary(report, colours), ...warnings(report, colours)];
  parts.push(...corpusTexts(report, colours));
  const shown = report.violations.slice(0, SHOWN_MAX);
  parts.push(...shown.map((failure) => failureText(failure, colours)));
  if (report.violationCount > shown.length) {
    parts.push(`… and ${grouped(report.violationCount - shown.length)} more.`);
  }
  parts.push(verdictLine(report, colours));
  return parts.join('\n\n');
}

function summary(report: CampaignReport, colours: ChalkInstance): string {
  const { statistics, situations, versions } = report;
  const count = (name: string): string => grouped(statistics[name] ?? 0);
  const reached = Object.values(situations).filter((hits) => hits > 0).length;
  const rows: [string, string][] = [
    ['implementation', implementationText(report)],
    ['seeds', `${grouped(report.seeds)}${rangeText(report)}`],
    ...searchRow(report),
    ['events', `${grouped(report.events)} (median run ${grouped(report.medianEvents)})`],
    ['events/s', grouped(report.eventsPerSecond)],
    ['virtual time', `${grouped(report.virtualSeconds)} s`],
    ['leaders', `${count('leaders')} (two or more in ${percent(report.twoLeadersShare)} of runs)`],
    ['committed', `${count('committedCommands')} commands`],
    [
      'faults',
      `${grouped(report.faults)} planned, ${count('crashes')} crashes, ${count('messagesLost')} messages lost`,
    ],
    ['situations', `${reached} of ${Object.keys(situations).length} reached`],
    ['excused', `${report.excused} (${percent(report.excused / Math.max(1, report.seeds))})`],
    ['failures', grouped(report.violationCount)],
    ...historiesRow(report),
    ...corpusRow(report),
    ['canary', canaryText(report)],
    ['verified', verifiedText(report)],
    ['digest', report.digest],
    [
      'versions',
      `whitewater ${versions.whitewater}, schema ${versions.schema}, generator ${versions.generator}, engine ${versions.engine}`,
    ],
  ];
  return columns(rows.map(([name, value]) => [colours.dim(name), value]));
}

/** Histories of clients that were searched for an order of their own, as after a violation. */
function historiesRow({ statistics }: CampaignReport): [string, string][] {
  const { historiesChecked = 0, historiesUndecided = 0 } = statistics;
  if (historiesChecked === 0) return [];
  return [
    [
      'histories',
      `${grouped(historiesChecked)} searched, ${grouped(historiesUndecided)} undecided`,
    ],
  ];
}

function corpusRow({ corpus }: CampaignReport): [string, string][] {
  return corpus === null || corpus.plans === 0 ? [] : [['corpus', corpusCounts(corpus)]];
}

/** Nothing for a random search. */
function searchRow({ states, pool, changedPlans }: CampaignReport): [string, string][] {
  if (states === null) return [];
  const text = `guided, ${grouped(changedPlans ?? 0)} of the runs of changed plans`;
  return [
    ['search', `${text}; ${grouped(states)} states reached, ${grouped(pool ?? 0)} plans kept`],
  ];
}

function implementationText({ implementation, sut }: CampaignReport): string {
  return sut === null ? implementation : `${sut} (${implementation})`;
}

/** Which seeds: needed to run the same ones again when only the time was given. */
function rangeText({ from, lastSeed, shard, isPrefix }: CampaignReport): string {
  if (lastSeed === null) return '';
  const part = shard === '1/1' ? '' : `, shard ${shard}`;
  return isPrefix ? ` (${from} to ${lastSeed}${part})` : ` (some of ${from} to ${lastSeed}${part})`;
}

function verifiedText({ verified, isolated }: CampaignReport): string {
  const twice = `${verified} runs made twice`;
  return isolated === 0 ? twice : `${twice}, the servers of ${isolated} fed alone`;
}

function canaryText({ canary }: CampaignReport): string {
  const { mutant, caughtAt } = canary;
  return caughtAt === null ? `${mutant} was NOT caught` : `${mutant} caught (seed ${caughtAt})`;
}

function warnings(report: CampaignReport, colours: ChalkInstance): string[] {
  const lines: string[] = [];
  const never = Object.entries(report.situations).filter(([, hits]) => hits === 0);
  if (never.length > 0 && report.seeds >= 200) {
    lines.push(`Never reached: ${never.map(([id]) => id).join(', ')}.`);
  }
  for (const reason of report.excuses.slice(0, 1)) lines.push(`Excused, for example: ${reason}`);
  for (const floor of brokenFloors(report)) {
    const text = `Floor missed: ${floor.sentence} Here: ${floor.value}.`;
    if (report.floorsEnforced) lines.push(colours.yellow(text));
  }
  if (report.gaveUp) lines.push('Given up: too many runs did not come back.');
  const { startFailure } = report;
  if (startFailure !== null) lines.push(colours.red(startFailure.detail));
  for (const { seed, detail, replay } of report.benchFailures.slice(0, SHOWN_MAX)) {
    lines.push(`${colours.red(`The bench failed on seed ${seed}`)}: ${detail}\n  ${replay}`);
  }
  return lines;
}

function failureText(failure: FailureReport, colours: ChalkInstance): string {
  const { seed, property, kind, section, sentence, detail, replay, atUs, step } = failure;
  const title = colours.red(property ?? kind);
  const parts = [`${title}${section === null ? '' : ` (${section})`}`, `seed ${seed}`];
  if (atUs !== null) parts.push(`${milliseconds(atUs)} ms`);
  if (step !== null) parts.push(`event ${step}`);
  const lines = [parts.join(', ')];
  if (sentence !== null) lines.push(`  ${sentence}`);
  lines.push(`  ${detail}`, `  replay: ${colours.cyan(replay)}`);
  return lines.join('\n');
}

function verdictLine(report: CampaignReport, colours: ChalkInstance): string {
  const runs = `${grouped(report.seeds)} runs`;
  switch (exitCodeOf(report)) {
    case ExitCode.ok:
      return colours.green(`All properties held in ${runs}.`);
    case ExitCode.violated:
      return colours.red(failedText(report, runs));
    case ExitCode.interrupted:
      return colours.yellow(`Interrupted after ${runs}, of which ${report.failedRuns} failed.`);
    default:
      return colours.red(benchSentence(report));
  }
}

function failedText(report: CampaignReport, runs: string): string {
  const kept = corpusFailures(report);
  const seeds = `${grouped(report.failedRuns)} of ${runs} failed`;
  return kept === 0 ? `${seeds}.` : `${seeds}, and ${kept} of ${report.corpus!.plans} kept plans.`;
}

function benchSentence(report: CampaignReport): string {
  if (report.startFailure !== null) return 'The implementation was never put to the test.';
  if (report.benchFailures.length > 0) return 'The bench failed: its verdict cannot be trusted.';
  if (report.corpus?.runs.some(({ outcome }) => outcome === 'unknown')) {
    return 'The bench failed on a kept plan: its verdict cannot be trusted.';
  }
  if (report.canary.caughtAt === null) {
    return `The bench is blind: it did not catch the mutant ${report.canary.mutant}.`;
  }
  return 'The campaign is vacuous: too little happened for its silence to mean anything.';
}
