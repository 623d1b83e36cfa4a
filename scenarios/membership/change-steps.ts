/** The configurations that a run goes through, as its entries make them. */
import type { Configuration, NodeId } from '../../core/messages.ts';
import { showConfiguration } from '../configurations.ts';
import type { RunRecord } from '../run-record.ts';

export interface ChangeStep {
  /** As showConfiguration has it: "1 2 3 / 1 2 3 4" while joint. */
  readonly words: string;
  readonly configuration: Configuration;
  /** Who made the entry, and when. */
  readonly node: NodeId;
  readonly order: number;
  /** When it is applied for the first time; infinite when it never is. */
  readonly committed: number;
}

/** Each configuration once, in the order in which their entries were made. */
export function changeSteps(record: RunRecord): ChangeStep[] {
  const steps = new Map<string, ChangeStep>();
  for (const { node, order, write } of record.writes) {
    if (write.kind !== 'append') continue;
    for (const { configuration } of write.entries) {
      if (configuration === undefined) continue;
      const words = showConfiguration(configuration);
      if (steps.has(words)) continue;
      steps.set(words, { words, configuration, node, order, committed: commitOf(record, words) });
    }
  }
  return [...steps.values()];
}

/** Null when the run goes through these configurations, each committed before the next is made. */
export function wrongSteps(record: RunRecord, wanted: readonly string[]): string | null {
  const steps = changeSteps(record);
  const found = steps.map(({ words }) => words).join(', ');
  if (found !== wanted.join(', ')) {
    return `The configurations are ${found || 'none'} instead of ${wanted.join(', ')}.`;
  }
  for (const [at, { words, committed }] of steps.entries()) {
    if (committed === Number.POSITIVE_INFINITY) return `${words} is never committed.`;
    const next = steps[at + 1];
    if (next !== undefined && next.order < committed) {
      return `${next.words} is made before ${words} is committed.`;
    }
    const lacking = majorityLacking(record, steps[at]!);
    if (lacking !== null) return lacking;
  }
  return null;
}

export function isMajority(voters: readonly NodeId[], servers: readonly NodeId[]): boolean {
  return 2 * voters.filter((voter) => servers.includes(voter)).length > voters.length;
}

/** The entry itself counts by the rule that it brings (§6). */
function majorityLacking(record: RunRecord, step: ChangeStep): string | null {
  const { words, configuration, committed } = step;
  const holders = record.nodes.filter((node) =>
    record.durableOf(node, committed).log.some((entry) => {
      return entry.configuration !== undefined && showConfiguration(entry.configuration) === words;
    }),
  );
  const { voters, newVoters } = configuration;
  for (const side of newVoters === null ? [voters] : [voters, newVoters]) {
    if (isMajority(side, holders)) continue;
    return `${words} is committed with copies on ${holders.join(' ')}, no majority of ${side.join(' ')}.`;
  }
  return null;
}

function commitOf(record: RunRecord, words: string): number {
  const first = record.applies.find(({ entry }) => {
    return entry.configuration !== undefined && showConfiguration(entry.configuration) === words;
  });
  return first?.order ?? Number.POSITIVE_INFINITY;
}
