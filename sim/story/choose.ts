/**
 * Chooses what is told: what lies on the way from the first wrong action to the failure, what led to
 * the wrong action, and the elections, crashes and commits that a reader needs to follow.
 */
import type { WrongAction } from '../../invariants/conformance/rule.ts';
import { type Beat, names } from './beat.ts';
import type { Cone } from './cone.ts';
import { heightOfText } from './format-story.ts';

export interface ToldBeat {
  readonly step: number;
  readonly atUs: number;
  /** It came behind what the servers did in this step. */
  readonly isWorld: boolean;
  /** Without its full stop. */
  readonly text: string;
}

export interface Choice {
  /** In the order of the run. */
  readonly wrong: readonly WrongAction[];
  /** The step in which the run failed; 0 when no step did it. */
  readonly endStep: number;
  /** So many lines on the screen are left. */
  readonly heightMax: number;
}

/** Beats with less are not worth a line. */
const SCORE_MIN = 30;
/** Less for each beat of the same kind that is told already. */
const REPEATED = 9;
/** Beats with less do not count where it matters how long ago something was, … */
const COUNTED_MIN = 45;
/** … and so many of them are not long. */
const NEAR = 16;
/** More for what a server does that the first wrong action names. */
const CONCERNED = 8;
/** A finished write is told just before what rests on it. */
const DISK_COST_MAX = 3;
/** Neighbours are at most so many beats apart. */
const NEIGHBOURS = 8;

/** In the order of the run. */
export function chooseBeats(beats: readonly Beat[], cone: Cone, choice: Choice): ToldBeat[] {
  const scoreOf = scorer(beats, cone, choice);
  const merged = mergeNeighbours(beats, choice.wrong);
  const candidates = merged
    .filter((beat) => !isToldOtherwise(beat, merged, choice.wrong))
    .map((beat, place) => ({ beat, place, score: scoreOf(beat) }));
  candidates.sort((a, b) => b.score - a.score || a.place - b.place);
  const counts = new Map<string, number>();
  const chosen: typeof candidates = [];
  let height = 0;
  for (const candidate of candidates) {
    const text = textOf(candidate.beat);
    const shape = text.replaceAll(/\d+/g, '#');
    const count = counts.get(shape) ?? 0;
    if (candidate.score - REPEATED * count < SCORE_MIN) continue;
    const needed = heightOfText('event', text);
    if (height + needed > choice.heightMax) continue;
    counts.set(shape, count + 1);
    height += needed;
    chosen.push(candidate);
  }
  chosen.sort((a, b) => a.place - b.place);
  return chosen.map(({ beat }) => {
    const { step, atUs, isWorld } = beat;
    return { step, atUs, isWorld, text: textOf(beat) };
  });
}

function textOf({ text, nodes }: Beat): string {
  return text(names(nodes));
}

/** How much a beat matters in this run. */
function scorer(
  beats: readonly Beat[],
  cone: Cone,
  { wrong, endStep }: Choice,
): (beat: Beat) => number {
  const origin = wrong[0]?.step ?? 0;
  const toWrong = cone.leadingTo(origin === 0 ? endStep : origin);
  const fromWrong = cone.followingFrom(origin);
  const toEnd = cone.leadingTo(endStep);
  const places = new Map<Beat, number>();
  let place = 0;
  let pivot = 0;
  for (const beat of beats) {
    if (beat.weight >= COUNTED_MIN) place += 1;
    places.set(beat, place);
    if (beat.step < (origin === 0 ? endStep : origin)) pivot = place;
  }
  const concerned = new Set(serversIn(wrong[0]));
  return (beat) => {
    const isBefore = origin === 0 || beat.step <= origin;
    const cost = isBefore
      ? toWrong[beat.step]!
      : fromWrong[beat.step]! + (endStep === 0 ? 0 : toEnd[beat.step]!);
    if (beat.isDisk && (!isBefore || cost > DISK_COST_MAX || beat.nodes[0] !== wrong[0]?.node)) {
      return 0;
    }
    const near = beat.isWorld ? 0 : Math.max(-20, (isBefore ? 22 : 30) - 2 * cost);
    const distance = Math.abs(pivot - (places.get(beat) ?? pivot));
    const concern = beat.nodes.slice(0, 1).some((node) => concerned.has(node)) ? CONCERNED : 0;
    return beat.weight + near + concern - Math.min(60, Math.max(0, distance - NEAR));
  };
}

function serversIn(wrong: WrongAction | undefined): number[] {
  if (wrong === undefined) return [];
  const named = wrong.sentence.match(/\bS\d\b/g) ?? [];
  return [wrong.node, ...named.map((name) => Number(name.slice(1)))];
}

/** What different servers do at about the same time is one beat, told where the first one is. */
function mergeNeighbours(beats: readonly Beat[], wrong: readonly WrongAction[]): Beat[] {
  const merged: Beat[] = [];
  for (const beat of beats) {
    const place = beat.key === null ? -1 : neighbourOf(merged, beat, wrong);
    if (place < 0) {
      merged.push(beat);
      continue;
    }
    const first = merged[place]!;
    const nodes = [...new Set([...first.nodes, ...beat.nodes])].sort((a, b) => a - b);
    merged[place] = { ...first, nodes };
  }
  return merged;
}

function neighbourOf(merged: readonly Beat[], beat: Beat, wrong: readonly WrongAction[]): number {
  const from = Math.max(0, merged.length - NEIGHBOURS);
  for (let place = merged.length - 1; place >= from; place -= 1) {
    const { key, step } = merged[place]!;
    if (key !== beat.key) continue;
    return wrong.some((one) => one.step >= step && one.step <= beat.step) ? -1 : place;
  }
  return -1;
}

/** By the sentence of a wrong action, or by the beat that it is a part of. */
function isToldOtherwise(
  beat: Beat,
  beats: readonly Beat[],
  wrong: readonly WrongAction[],
): boolean {
  const isWrong = wrong.some(({ step, node }) => step === beat.step && node === beat.nodes[0]);
  if (isWrong && !beat.isArrival && !beat.isWorld) return true;
  if (beat.within === null) return false;
  const whole = beats.find(({ key }) => key === beat.within);
  if (whole === undefined) return false;
  return !wrong.some(({ step }) => step >= beat.step && step <= whole.step);
}
