/** The table of a comparison of searches, in Markdown. */
import { median } from './measure.ts';
import type { Hunt } from './seeds-to-kill.ts';

/** What was measured of one mutant, from every start; null: not measured. */
export interface Hunted {
  readonly id: string;
  readonly random: readonly Hunt[] | null;
  readonly guided: readonly Hunt[] | null;
}

/** Geometric mean of the runs; searches without a kill count with all the runs they made. */
export function typicalRuns(hunts: readonly Hunt[]): number {
  return geometricMean(hunts.map(({ runs }) => runs));
}

/** Mutants that both searches were measured on, the hardest first, and all of them together. */
export function searchTable(hunted: readonly Hunted[], runsMax: number): string {
  const rows = hunted.flatMap(({ id, random, guided }) => {
    return random === null || guided === null ? [] : [{ id, random, guided }];
  });
  rows.sort((a, b) => typicalRuns(b.random) - typicalRuns(a.random));
  const lines = rows.map(({ id, random, guided }) =>
    cells([
      `\`${id}\``,
      ...runCells(random, runsMax),
      ...runCells(guided, runsMax),
      times(typicalRuns(random) / typicalRuns(guided)),
      seconds(random),
      seconds(guided),
    ]),
  );
  const gains = rows.map(({ random, guided }) => typicalRuns(random) / typicalRuns(guided));
  const cpuGains = rows.map(({ random, guided }) => typicalCpu(random) / typicalCpu(guided));
  return [
    cells([
      'mutant',
      'random: median',
      'mean',
      'guided: median',
      'mean',
      'gain',
      'random: CPU s',
      'guided: CPU s',
    ]),
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    `All ${rows.length}: guided needs ${times(geometricMean(gains))} fewer runs and ${times(geometricMean(cpuGains))} less CPU time (geometric means; below 1 it needs more).`,
  ].join('\n');
}

function runCells(hunts: readonly Hunt[], runsMax: number): string[] {
  const middle = median(hunts.map(({ runs }) => runs));
  const lost = hunts.filter(({ property }) => property === null).length;
  const mean = typicalRuns(hunts).toFixed(0);
  return [
    middle >= runsMax ? `> ${runsMax}` : middle.toFixed(0),
    lost === 0 ? mean : `> ${mean} (${lost} without a kill)`,
  ];
}

function typicalCpu(hunts: readonly Hunt[]): number {
  return geometricMean(hunts.map(({ cpuSeconds }) => cpuSeconds));
}

function seconds(hunts: readonly Hunt[]): string {
  return typicalCpu(hunts).toFixed(2);
}

function times(gain: number): string {
  return `${gain.toFixed(2)}×`;
}

function cells(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`;
}

function geometricMean(values: readonly number[]): number {
  if (values.length === 0) return 1;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
