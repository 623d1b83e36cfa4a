/** The kill matrix as text; `ahead` counts events from the first wrong action to the violation. */
import type { ChalkInstance } from 'chalk';
import type { ExaminedMutant, Hit, ZooReport } from '../scenarios/mutants/zoo.ts';
import { hasBenchFailed } from '../scenarios/mutants/zoo-run.ts';
import { columns, grouped } from './table.ts';

export function zooText(
  report: ZooReport,
  { interrupted, seeds }: { readonly interrupted: boolean; readonly seeds: number },
  colours: ChalkInstance,
): string {
  const { killed, total, falseAlarms, mutants } = report;
  const head = [
    'mutant',
    'verdict',
    'directed',
    'first wrong action',
    'ahead',
    'random',
    'seeds',
    'events',
    'other ends',
  ];
  const rows = mutants.map((mutant) => rowOf(mutant, colours));
  const lines = [columns([head.map((name) => colours.dim(name)), ...rows]), ''];
  for (const { id, others } of mutants) {
    for (const { end, run, reason } of others) {
      if (end !== 'bench') continue;
      lines.push(`${colours.red(`The bench failed on ${id}`)} (${run}): ${reason}`);
    }
  }
  if (interrupted) lines.push(colours.yellow('Interrupted: not every mutant was examined.'));
  const legal = mutants.length - total;
  const score = `${killed} of ${total} bugs caught, ${falseAlarms.length} false alarms in ${legal} legal variants`;
  lines.push(`${score} (up to ${grouped(seeds)} random runs each).`);
  return lines.join('\n');
}

/** Only a broken property is a kill: how else runs ended stands in the last column. */
function rowOf(mutant: ExaminedMutant, colours: ChalkInstance): string[] {
  const { id, by, firstWrong, others, seeds } = mutant;
  const first = (how: Hit['how']): Hit | undefined => by.find((hit) => hit.how === how);
  const random = first('random');
  return [
    id,
    verdictOf(mutant, colours),
    first('directed')?.property ?? '-',
    firstWrong?.rule ?? '-',
    firstWrong === null || firstWrong.ahead === null ? '-' : grouped(firstWrong.ahead),
    random?.property ?? '-',
    grouped(random?.seeds ?? seeds),
    random === undefined ? '-' : grouped(random.events),
    others.map(({ end, runs }) => `${end} ${runs}`).join(', '),
  ];
}

function verdictOf({ legal, killed, others }: ExaminedMutant, colours: ChalkInstance): string {
  if (legal && killed) return colours.red('FALSE ALARM');
  if (!killed && hasBenchFailed(others)) return colours.red('UNKNOWN');
  if (legal) return colours.green('silent');
  return killed ? colours.green('caught') : colours.red('MISSED');
}
