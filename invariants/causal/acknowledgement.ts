/** A write is answered with ok when enough servers have it, and not before. */
import type { Property } from '../property.ts';
import { type AskedCommand, nameOf } from './asked-commands.ts';
import { type CausalLedgers, namesOf } from './causal-ledgers.ts';
import type { ProgramView } from './program-view.ts';

export const acknowledgedWithoutMajority: Property = {
  id: 'acknowledged-without-majority',
  title: 'Acknowledged by a majority',
  sentence:
    'A write is answered with ok only when at least half of the servers had heard of it, and the server that answers has heard from them since.',
  section: '§5.3',
  kind: 'safety',
  facts: ['requested', 'sent', 'delivered', 'responded'],
};

export const acknowledgedBeforeDurableMajority: Property = {
  id: 'acknowledged-before-durable-majority',
  title: 'Acknowledged when durable',
  sentence:
    'A write is answered with ok only when at least half of the servers had something on disk that they wrote after they had heard of it, and the server that answers has heard from them since.',
  section: '§5.3, Figure 2 (persistent state)',
  kind: 'safety',
  facts: ['requested', 'sent', 'delivered', 'persistIssued', 'persisted', 'responded'],
};

/**
 * A server answers ok to a write. Half of an even number is enough: who elects by larger majorities
 * may commit by smaller ones. And any disks will do: its own need not be among them.
 */
export function checkMajority(
  ledgers: CausalLedgers,
  server: ProgramView,
  command: AskedCommand,
): void {
  const { clocks, voters, options } = ledgers;
  const { node } = server;
  const { columns, dates, era } = command;
  let heard = 0;
  let written = 0;
  for (let other = 1; other <= options.size; other += 1) {
    for (let i = 0; i < columns.length; i += 1) {
      const column = columns[i]!;
      const date = dates[i]!;
      if (clocks.hasHeardBack(node, other, column, date)) heard |= 1 << other;
      if (clocks.hasHeardWritten(node, other, column, date)) written |= 1 << other;
    }
  }
  if (!voters.isQuorum(heard, era, true)) reportUnheard(ledgers, server, command, heard);
  else if (options.durability !== 'none' && !voters.isQuorum(written, era, true)) {
    reportUnwritten(ledgers, server, command, heard, written);
  }
}

function reportUnheard(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  command: AskedCommand,
  heard: number,
): void {
  const { voters } = ledgers;
  const name = nameOf(command);
  const who = heard === 0 ? 'nobody' : `only ${namesOf(heard)}`;
  ledgers.report(
    acknowledgedWithoutMajority,
    node,
    'too-few-heard',
    heard === 1 << node ? 'only-itself' : 'too-few',
    `n${node} answers ok to ${name}; of the ${voters.votersCount} servers ${who} had heard of it ` +
      `and said so, and ${voters.needed(true)} are needed.`,
  );
}

function reportUnwritten(
  ledgers: CausalLedgers,
  { node }: ProgramView,
  command: AskedCommand,
  heard: number,
  written: number,
): void {
  const { voters } = ledgers;
  const name = nameOf(command);
  const who = written === 0 ? 'none of them' : `only ${namesOf(written)}`;
  ledgers.report(
    acknowledgedBeforeDurableMajority,
    node,
    'too-few-written',
    written === 0 ? 'nobody' : written === 1 << node ? 'only-itself' : 'too-few',
    `n${node} answers ok to ${name}; ${namesOf(heard)} had heard of it, and ${who} ` +
      `had anything on disk that was written since; ${voters.needed(true)} of ` +
      `${voters.votersCount} are needed.`,
  );
}
