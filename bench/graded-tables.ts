/** The tables of graded mutants, in Markdown. */

import { mutantOf } from '../scenarios/mutants/catalogue.ts';
import { pitfallOf, WHY_KEPT } from '../scenarios/mutants/graded-expectations.ts';
import type { GradedMutant, LostRun } from '../scenarios/mutants/graded-mutant.ts';
import { likelyPitfalls } from '../sim/grading/pitfalls.ts';
import type { Why } from '../sim/grading/run-grade.ts';

export function gradedTables(graded: readonly GradedMutant[]): string {
  const lost = graded.flatMap(({ id, lost }) => (lost === null ? [] : [{ id, lost }]));
  const places = lost.map(({ id, lost }) => placeOf(id, lost));
  const first = places.filter((place) => place === 1).length;
  const amongThree = places.filter((place) => place !== null).length;
  return [
    `${lost.length} of ${graded.length} mutants lose points. Of these the likely pitfall is right at first for ${first}, and among three for ${amongThree}.`,
    '',
    '| mutant | loses | after events | by | pitfall |',
    '|---|---|---|---|---|',
    ...lost.map(({ id, lost }, i) => row(id, lost, places[i]!)),
    '',
    '| mutant that holds | why |',
    '|---|---|',
    ...graded
      .filter((one) => one.lost === null)
      .map(({ id }) => `| \`${id}\` | ${mutantOf(id)?.survivor ?? WHY_KEPT[id] ?? 'Not known.'} |`),
  ].join('\n');
}

function row(id: string, { test, why, events }: LostRun, place: number | null): string {
  const right = place === null ? 'no' : place === 1 ? 'first' : 'among three';
  const cells = [
    `\`${id}\``,
    `${test.id} ${test.title}`,
    events.toLocaleString('en'),
    wayOf(why),
    right,
  ];
  return `| ${cells.join(' | ')} |`;
}

function wayOf(why: Why): string {
  if (why.kind === 'broken') return why.violation.property;
  return why.kind === 'failed' ? why.failure.kind : why.kind;
}

/** At which place the right pitfall is named, from 1; null when it is not. */
function placeOf(id: string, { test, why }: LostRun): number | null {
  const right = pitfallOf(id);
  const place = likelyPitfalls(test.id, why).findIndex((likely) => likely === right);
  return place < 0 ? null : place + 1;
}
