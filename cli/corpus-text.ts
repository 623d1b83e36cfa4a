/** What became of kept plans, as text. */
import type { ChalkInstance } from 'chalk';
import type { CampaignReport } from './campaign-report.ts';
import type { CorpusRun } from './corpus-runs.ts';

const SHOWN_MAX = 5;

/** "3 plans: 2 still fail, 1 passes now". */
export function corpusCounts(corpus: NonNullable<CampaignReport['corpus']>): string {
  const { plans, stillFail, failOtherwise, passNow } = corpus;
  const verb = (count: number, word: string): string => (count === 1 ? `${word}s` : word);
  const parts: string[] = [];
  if (stillFail > 0) parts.push(`${stillFail} still ${verb(stillFail, 'fail')}`);
  if (failOtherwise > 0) {
    parts.push(`${failOtherwise} ${verb(failOtherwise, 'fail')} in another way`);
  }
  if (passNow > 0) parts.push(`${passNow} ${passNow === 1 ? 'passes' : 'pass'} now`);
  return `${plans} ${plans === 1 ? 'plan' : 'plans'}: ${parts.join(', ')}`;
}

/** The kept plans that fail, and those that say nothing. */
export function corpusTexts({ corpus }: CampaignReport, colours: ChalkInstance): string[] {
  const failing = (corpus?.runs ?? []).filter(({ outcome }) => outcome !== 'none');
  const texts = failing.slice(0, SHOWN_MAX).map((run) => runText(run, colours));
  if (failing.length > SHOWN_MAX) texts.push(`… and ${failing.length - SHOWN_MAX} more.`);
  return texts;
}

function runText(run: CorpusRun, colours: ChalkInstance): string {
  const { path, property, fails, section, sentence, detail, events, replay, outcome } = run;
  const title = colours.red(property ?? fails ?? 'unknown');
  const parts = [`${title}${section === null ? '' : ` (${section})`}`, path];
  if (events !== null) parts.push(`event ${events}`);
  const lines = [parts.join(', ')];
  if (sentence !== null) lines.push(`  ${sentence}`);
  if (detail !== null) lines.push(`  ${detail}`);
  if (outcome === 'another') lines.push(`  It was kept for another failure: ${run.fingerprint}.`);
  lines.push(`  replay: ${colours.cyan(replay)}`);
  return lines.join('\n');
}
