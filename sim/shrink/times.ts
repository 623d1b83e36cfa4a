/** Gives the happenings of the failing plan times that can be read. */
import type { Plan } from '../kernel/plan.ts';
import { noLonger, type Search } from './search.ts';

const GAPS_US = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100] as const;

/** Even gaps if that does; else each gap by itself, the first one first. */
export async function roundTimes(search: Search): Promise<void> {
  const { plan } = search;
  for (const gapUs of [100_000, 50_000, 20_000, 10_000]) {
    const times = timesOf(plan);
    const even = new Map(times.map((atUs, place) => [atUs, (place + 1) * gapUs]));
    if (
      await search.accept(
        retimed(plan, (atUs) => even.get(atUs) ?? atUs, gapUs),
        noLonger(search),
      )
    )
      return;
  }
  const count = timesOf(plan).length;
  for (let place = 0; place < count; place += 1) await roundGap(search, place);
}

/** The gap before one time; all later times move along. */
async function roundGap(search: Search, place: number): Promise<void> {
  const times = timesOf(search.plan);
  const atUs = times[place];
  if (atUs === undefined) return;
  const beforeUs = place === 0 ? 0 : times[place - 1]!;
  const gapUs = atUs - beforeUs;
  if ((GAPS_US as readonly number[]).includes(gapUs)) return;
  const wholeMs = Math.floor(gapUs / 1000) * 1000;
  for (const next of [...GAPS_US, wholeMs, wholeMs + 1000, Math.floor(gapUs / 100) * 100]) {
    if (next > gapUs + 1000 && next > 100_000) continue;
    const shiftUs = next - gapUs;
    const moved = retimed(search.plan, (us) => (us < atUs ? us : us + shiftUs), 0);
    if (await search.accept(moved, noLonger(search))) return;
  }
}

/** All different times of faults, requests and jumps of clocks, ascending. */
function timesOf({ faults, workload, operators, clocks }: Plan): number[] {
  const times = faults.flatMap(({ when }) => ('atUs' in when ? [when.atUs] : []));
  for (const { atUs } of workload.script) times.push(atUs);
  for (const { requests } of operators) for (const { atUs } of requests) times.push(atUs);
  for (const { jumps } of clocks) for (const { atUs } of jumps) times.push(atUs);
  return [...new Set(times)].sort((a, b) => a - b);
}

function retimed(plan: Plan, time: (atUs: number) => number, spareUs: number): Plan {
  const { phases, faults, workload, operators, clocks } = plan;
  const moved = <T extends { readonly atUs: number }>(item: T): T => ({
    ...item,
    atUs: time(item.atUs),
  });
  const last = timesOf(plan).at(-1) ?? 0;
  const restUs = phases.chaosUs - last;
  const chaosUs = Math.max(1, time(last) + Math.max(restUs, spareUs));
  return {
    ...plan,
    phases: { ...phases, chaosUs },
    faults: faults.map(({ when, what }) => ({
      when: 'atUs' in when ? { atUs: time(when.atUs) } : when,
      what,
    })),
    workload: { ...workload, script: workload.script.map(moved) },
    operators: operators.map((one) => ({ ...one, requests: one.requests.map(moved) })),
    clocks: clocks.map((clock) => ({ ...clock, jumps: clock.jumps.map(moved) })),
  };
}
