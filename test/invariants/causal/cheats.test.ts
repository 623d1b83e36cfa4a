/** Programs that cheat, or forget their disk, in the simulated world: found at the first wrong step. */
import { describe, expect, it } from 'vitest';
import { REFERENCE } from '../../../scenarios/implementations.ts';
import { bundleMutant } from '../../../scenarios/mutants/bundle.ts';
import { mutantOf } from '../../../scenarios/mutants/catalogue.ts';
import { loadBundle } from '../../../scenarios/mutants/load.ts';
import { FULL_CAPABILITIES, serverProgram } from '../../../scenarios/reference-program.ts';
import { moduleHost, type ProgramModule } from '../../../sim/adapters/module-program.ts';
import { programImplementation } from '../../../sim/adapters/program-implementation.ts';
import { generatePlan } from '../../../sim/generate/generate-plan.ts';
import type { Plan } from '../../../sim/kernel/plan.ts';
import type { ProgramAction } from '../../../sim/protocol/actions.ts';
import type { Capabilities } from '../../../sim/protocol/capabilities.ts';
import type { ProgramEvent, ProgramRequest } from '../../../sim/protocol/events.ts';
import { DEFAULT_RUN_OPTIONS, type RunResult, run } from '../../../sim/run.ts';

/** Three to five servers; the store dies with its server. */
const PLANS: readonly Plan[] = Array.from({ length: 80 }, (_, i) => String(i + 1))
  .map((seed) => generatePlan(seed, { profile: 'figure-2' }))
  .filter(({ cluster }) => cluster.size >= 3 && cluster.size <= 5)
  .filter(({ cluster }) => cluster.stateMachine === 'volatile')
  .slice(0, 20);

function runs(module: ProgramModule, plans = PLANS): RunResult[] {
  const { createStateMachine } = REFERENCE;
  const implementation = programImplementation('cheat', moduleHost(module), createStateMachine);
  return plans.map((plan) => run(plan, implementation, DEFAULT_RUN_OPTIONS));
}

/** By property: in how many runs it was the first to break; and the mean event. */
function found(results: readonly RunResult[]): {
  properties: string[];
  count: number;
  step: number;
} {
  const violations = results.flatMap((result) => result.violations.slice(0, 1));
  const steps = violations.reduce((sum, { step }) => sum + step, 0);
  return {
    properties: [...new Set(violations.map(({ property }) => property))].sort(),
    count: violations.length,
    step: Math.round(steps / Math.max(1, violations.length)),
  };
}

const IMMEDIATE: Capabilities = { ...FULL_CAPABILITIES, durability: 'immediate' };

async function mutant(id: string, capabilities = FULL_CAPABILITIES): Promise<ProgramModule> {
  const bundle = await bundleMutant(mutantOf(id)!, { assertionsOff: true });
  return serverProgram(await loadBundle(bundle), capabilities);
}

interface Handler {
  handle(event: ProgramEvent): readonly ProgramAction[];
}

/** The reference, with its actions edited. */
function edited(
  capabilities: Capabilities,
  edit: (actions: readonly ProgramAction[]) => readonly ProgramAction[],
): ProgramModule {
  const module = serverProgram(REFERENCE, capabilities);
  return {
    ...module,
    createServer: () => {
      const server = module.createServer() as Handler;
      return { handle: (event: ProgramEvent) => edit(server.handle(event)) };
    },
  };
}

/** All servers append to one list in the memory that they share, and say nothing to each other. */
function sharedList(): ProgramModule {
  const list: string[] = [];
  return {
    name: 'shared list',
    capabilities: { ...FULL_CAPABILITIES, durability: 'immediate', requestBatches: false },
    createServer: () => {
      let applied = 0;
      const actions: ProgramAction[] = [];
      const applyAll = (): void => {
        while (applied < list.length) {
          actions.push({ kind: 'apply', op: list[applied]!, skipped: false });
          applied += 1;
        }
      };
      return {
        handle: (event: ProgramEvent) => {
          actions.length = 0;
          if (event.kind === 'start') {
            applied = 0;
            if (event.boot === 0 && event.self === 'n1') list.length = 0;
          }
          if (event.kind === 'request') {
            const { id, command }: ProgramRequest = event;
            list.push(command.op);
            applyAll();
            actions.push({ kind: 'respond', id, outcome: 'ok' });
          }
          actions.push({ kind: 'setTimer', name: 'look', minMs: 10 });
          if (event.kind === 'timer') applyAll();
          return actions.slice();
        },
      };
    },
  };
}

/** Servers that keep what they know in a place of their own, whatever crashes, and write nothing. */
function forgetsNothing(): ProgramModule {
  const servers = new Map<string, Handler>();
  const applied = new Map<string, ProgramAction[]>();
  const module = serverProgram(REFERENCE, IMMEDIATE);
  const createServer = (): Handler => {
    let self = '';
    const handle = (event: ProgramEvent): readonly ProgramAction[] => {
      if (event.kind === 'start') {
        self = event.self;
        if (event.boot > 0) return [...applied.get(self)!, ELECTION_TIMER];
        servers.set(self, module.createServer() as Handler);
        applied.set(self, []);
      }
      const actions = servers.get(self)!.handle(event).filter(isNoWrite);
      applied.get(self)!.push(...actions.filter(({ kind }) => kind === 'apply'));
      return actions;
    };
    return { handle };
  };
  return { ...module, createServer };
}

const ELECTION_TIMER: ProgramAction = {
  kind: 'setTimer',
  name: 'election',
  minMs: 150,
  maxMs: 300,
};

function isNoWrite({ kind }: ProgramAction): boolean {
  return kind !== 'persist';
}

describe('the reference as a program', () => {
  it.each(['explicit', 'barrier', 'immediate'] as const)('is never accused: %s', (durability) => {
    const results = runs(serverProgram(REFERENCE, { ...FULL_CAPABILITIES, durability }));
    expect(results.map(({ verdict }) => verdict)).toEqual(PLANS.map(() => 'pass'));
    expect(results.every(({ situations }) => situations['ok-answered']! > 0)).toBe(true);
  });
});

describe('cheats', () => {
  it('finds a list that all servers share, at the first answer or apply', () => {
    const { properties, count, step } = found(runs(sharedList()));
    expect(count).toBe(PLANS.length);
    expect(properties).toEqual(['acknowledged-without-majority', 'impossible-knowledge']);
    expect(step).toBeLessThan(20);
  });

  it('finds servers that never write, at the first leader', () => {
    const module = edited(IMMEDIATE, (actions) => actions.filter(isNoWrite));
    const { properties, count, step } = found(runs(module));
    expect([properties, count]).toEqual([['elected-before-durable-majority'], PLANS.length]);
    expect(step).toBeLessThan(60);
  });

  it('finds servers that never write and do not claim, at the first answer', () => {
    const capabilities = { ...IMMEDIATE, claims: false };
    const module = edited(capabilities, (actions) =>
      actions.filter((action) => isNoWrite(action) && action.kind !== 'claim'),
    );
    const { properties, count } = found(runs(module));
    expect([properties, count]).toEqual([['acknowledged-before-durable-majority'], PLANS.length]);
  });

  it('finds votes that are sent before they are safe', async () => {
    const { properties, count, step } = found(runs(await mutant('vote-reply-before-persist')));
    expect(properties).toEqual(['elected-before-durable-majority']);
    expect(count).toBeGreaterThan(PLANS.length / 2);
    expect(step).toBeLessThan(500);
  });

  it('finds a log that is kept in memory', async () => {
    const { properties, count, step } = found(runs(await mutant('log-kept-in-memory')));
    expect(properties).toContain('acknowledged-before-durable-majority');
    expect(count).toBe(PLANS.length);
    expect(step).toBeLessThan(300);
  });

  it('finds answers at append', async () => {
    const { properties, count, step } = found(runs(await mutant('acknowledged-on-append')));
    expect(properties).toContain('acknowledged-without-majority');
    expect(count).toBe(PLANS.length);
    expect(step).toBeLessThan(200);
  });

  it('finds servers that remember across a crash what they never wrote', () => {
    const names = ['elected-before-durable-majority', 'acknowledged-before-durable-majority'];
    const module = forgetsNothing();
    const { createStateMachine } = REFERENCE;
    const implementation = programImplementation('cheat', moduleHost(module), createStateMachine);
    const disabled = new Set(names);
    const results = PLANS.map((plan) =>
      run(plan, implementation, { ...DEFAULT_RUN_OPTIONS, disabled }),
    );
    const { properties, count } = found(results);
    expect(properties).toContain('impossible-knowledge');
    expect(count).toBeGreaterThan(0);
  });
});
