/** Nobody uses what nobody has brought. */
import type { Property } from '../property.ts';
import { type AskedCommand, nameOf } from './asked-commands.ts';
import { type CausalLedgers, ms } from './causal-ledgers.ts';
import type { ProgramView } from './program-view.ts';

export const impossibleKnowledge: Property = {
  id: 'impossible-knowledge',
  title: 'No impossible knowledge',
  sentence:
    'A server applies, restores or answers a command only when a request, a delivered message or its own surviving disk can have brought it.',
  section: '§5.1, §5.3; contract (send, persist)',
  kind: 'safety',
  facts: ['requested', 'sent', 'delivered', 'persistIssued', 'crashed', 'applied', 'responded'],
};

/** Can it have heard of the command: by a request, a message, or what is left on its disk? */
export function hasHeardOf(
  { clocks }: CausalLedgers,
  node: number,
  { columns, dates }: AskedCommand,
): boolean {
  for (let i = 0; i < columns.length; i += 1) {
    if (clocks.knows(node, columns[i]!, dates[i]!)) return true;
  }
  return false;
}

/** A server does something with a command. */
export function checkKnowledge(
  ledgers: CausalLedgers,
  server: ProgramView,
  command: AskedCommand,
  verb: 'applies' | 'answers' | 'restores a snapshot with',
): void {
  if (hasHeardOf(ledgers, server.node, command)) return;
  const { node, boot } = server;
  const name = nameOf(command);
  const since = boot > 0 ? `, nor its own disk when it started again (life ${boot + 1})` : '';
  const known =
    command.columns.length === 0
      ? `No server had been handed ${name} by then.`
      : `${name} was asked for at ${ms(command.invokedUs)}, elsewhere.`;
  ledgers.report(
    impossibleKnowledge,
    node,
    verb === 'answers' ? 'answered' : verb === 'applies' ? 'applied' : 'restored',
    boot > 0 ? 'after-restart' : 'first-life',
    `n${node} ${verb} ${name} (${command.op}) before any request or message had brought it${since}. ` +
      `${known} Usual causes: a variable or a file that servers share, or a reset that forgets nothing.`,
  );
}
