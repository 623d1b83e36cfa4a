/**
 * Feeds servers what they had got in a run, away from the world and, as asked, from each other. A
 * server that is a function of its events gives the same actions again; what it does otherwise it
 * has from somewhere else.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CreateServer, Server } from '../../core/contract.ts';
import type { NodeId } from '../../core/messages.ts';
import { thrownWords } from '../thrown.ts';
import type { ActionRecord } from '../trace/format.ts';
import { TapedOutbox, type TapeStep } from './tape.ts';

/**
 * Which servers share one copy of the code, with its memory:
 * - life: none; every life of every server has its own. node: the lives of a server. run: all.
 */
export type Company = 'life' | 'node' | 'run';

export interface AloneOptions {
  readonly company: Company;
  /** What a server leaves to promises and timers gets its turn between two events. */
  readonly yields: boolean;
}

/** The first event that was answered otherwise. */
export interface Otherwise {
  /** Number of the event in the run, from 1. */
  readonly place: number;
  readonly node: NodeId;
  readonly boot: number;
  /** What the server did alone. */
  readonly actions: readonly ActionRecord[];
  /** What it threw alone, else null. */
  readonly thrown: string | null;
}

/** Makes a copy of the code that shares no memory with any other. */
export type MakeCopy = () => Promise<CreateServer>;

/** null: the same actions in every step. */
export async function playAlone(
  steps: readonly TapeStep[],
  makeCopy: MakeCopy,
  options: AloneOptions,
): Promise<Otherwise | null> {
  let first: Otherwise | null = null;
  for (const group of groupsOf(steps, options.company)) {
    const until: number = first === null ? Number.POSITIVE_INFINITY : first.place;
    let createServer: CreateServer;
    try {
      createServer = await makeCopy();
    } catch (error) {
      const { place, node, boot } = group[0]!;
      return { place, node, boot, actions: [], thrown: thrownWords(error) };
    }
    first = (await playGroup(group, until, createServer, options)) ?? first;
  }
  return first;
}

function groupsOf(steps: readonly TapeStep[], company: Company): readonly TapeStep[][] {
  const groups = new Map<string, TapeStep[]>();
  for (const step of steps) {
    const key = keyOf(step, company);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return [...groups.values()];
}

function keyOf({ node, boot }: TapeStep, company: Company): string {
  if (company === 'run') return '';
  return company === 'node' ? `${node}` : `${node}/${boot}`;
}

/** A server that has gone another way is not asked again. */
async function playGroup(
  steps: readonly TapeStep[],
  until: number,
  createServer: CreateServer,
  { yields }: AloneOptions,
): Promise<Otherwise | null> {
  const servers = new Map<NodeId, Server>();
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i]!;
    if (step.place >= until) return null;
    const { place, node, boot, event } = step;
    const out = new TapedOutbox(null);
    let thrown: string | null = null;
    try {
      if (event.kind === 'start') servers.set(node, createServer());
      servers.get(node)!.step(structuredClone(event), out);
    } catch (error) {
      thrown = thrownWords(error);
    }
    if (!isSame(step, out.actions, thrown)) {
      return { place, node, boot, actions: out.actions, thrown };
    }
    if (yields) await turn(i);
  }
  return null;
}

/** What the world threw at a server is not thrown here: then only what came before counts. */
function isSame(step: TapeStep, actions: readonly ActionRecord[], thrown: string | null): boolean {
  if (step.thrown === null) return thrown === null && isDeepStrictEqual(actions, step.actions);
  const { length } = step.actions;
  return isDeepStrictEqual(actions.slice(0, length), step.actions);
}

/** Promises and immediates each time; timers, which take a real millisecond, now and then. */
function turn(step: number): Promise<void> {
  const isRare = step > 0 && (step & (step - 1)) === 0;
  return new Promise((resolve) => {
    if (isRare) setTimeout(() => setImmediate(resolve), 2);
    else setImmediate(resolve);
  });
}
