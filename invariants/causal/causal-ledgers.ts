/** What is known of a run of opaque programs so far: the causal ledger, and what goes with it. */
import type { NodeId, Term } from '../../core/messages.ts';
import { assert } from '../assert.ts';
import { Docket } from '../docket.ts';
import { KeyValueModel } from '../ledgers/key-value-model.ts';
import { Statistics } from '../ledgers/statistics.ts';
import { Reachability } from '../liveness/reachability.ts';
import type { Property } from '../property.ts';
import { AskedCommands } from './asked-commands.ts';
import { CausalClocks } from './causal-clocks.ts';
import type { CausalOptions } from './options.ts';
import { ProgramSituations } from './program-situations.ts';
import { newProgramView, type ProgramView } from './program-view.ts';
import { VoterSets } from './voter-sets.ts';

/** Who has claimed to lead a term first. */
export interface ClaimedReign {
  readonly node: NodeId;
  readonly boot: number;
  /** That life has sent something since. */
  hasSpoken: boolean;
}

export class CausalLedgers {
  readonly options: CausalOptions;
  readonly docket: Docket;
  readonly clocks: CausalClocks;
  /** By node; place 0 is nobody. */
  readonly servers: readonly ProgramView[];
  readonly commands = new AskedCommands();
  readonly voters: VoterSets;
  readonly links = new Reachability();
  readonly situations = new ProgramSituations();
  readonly statistics = new Statistics();
  /** Numbers of the commands that servers apply, by position - 1: as the first one to get there did. */
  readonly sequence: number[] = [];
  /** What the sequence makes of the store. */
  readonly keys = new KeyValueModel();
  /** The texts of all snapshots that were taken of a store. */
  readonly snapshots = new Set<string>();
  /** Ids of what operators have asked for, but for changes of membership. */
  readonly transfers = new Set<string>();
  readonly otherAsks = new Set<string>();
  readonly reigns = new Map<Term, ClaimedReign>();
  /** The newest term that anybody has claimed to lead. */
  newestReign: Term = -1;
  /** An answer does not fit the sequence; whether clients can tell is not known. */
  isSuspicious = false;

  constructor(options: CausalOptions) {
    const { size, members, disabled, stopAtFirst } = options;
    assert(size >= 1 && size <= 7, 'a cluster has 1 to 7 servers', size);
    assert(members >= 1 && members <= size, 'it starts with 1 to all of them', members, size);
    this.options = options;
    this.docket = new Docket(disabled, stopAtFirst);
    this.clocks = new CausalClocks(size);
    this.servers = Array.from({ length: size + 1 }, (_, node) => newProgramView(node));
    this.voters = new VoterSets(members);
  }

  server(node: NodeId): ProgramView {
    return this.servers[node]!;
  }

  /** `relation` and `rule` go into the fingerprint; `node` is who acted, 0 for nobody. */
  report(property: Property, node: NodeId, rule: string, relation: string, detail: string): void {
    const role = this.servers[node]!.role;
    this.docket.report(property, role, { node, rule, relation, detail, messageKind: null });
  }
}

/** For people: n1, n2 and n5; nobody. `servers` are bits. */
export function namesOf(servers: number): string {
  const names: string[] = [];
  for (let node = 1; node < 8; node += 1) if ((servers & (1 << node)) !== 0) names.push(`n${node}`);
  const last = names.pop();
  if (last === undefined) return 'nobody';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

/** For people: whole milliseconds. */
export function ms(us: number): string {
  return `${Math.floor(us / 1000)} ms`;
}
