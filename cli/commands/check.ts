/** `whitewater check`: judges a trace without the implementation. */
import { existsSync } from 'node:fs';
import { show, UsageError } from '../../sim/usage-error.ts';
import { ExitCode } from '../exit-code.ts';
import type { Arguments } from '../options.ts';
import { textOf } from '../parse.ts';
import { replayLine } from '../replay-line.ts';
import { selectionOf } from '../selection.ts';
import { violationText } from '../single-text.ts';
import { grouped } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export async function checkCommand(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const path = textOf('the trace', args.target)!;
  const { without } = selectionOf(args);
  if (!existsSync(path)) throw new UsageError(`There is no file ${show(path)}.`);
  const { readTrace } = await import('../../sim/trace/reader.ts');
  const { checkTrace, DEFAULT_CHECK_OPTIONS } = await import('../../sim/trace/check.ts');
  const trace = readTrace(path);
  const disabled = without.length === 0 ? null : new Set(without);
  const result = checkTrace(trace, { ...DEFAULT_CHECK_OPTIONS, disabled });
  const { implementation, versions } = trace.header;
  const { verdict, violations, reason, events, digest, agrees } = result;
  const target = { kind: 'file', path, seed: null } as const;
  const replay = replayLine(target, { sut: null, mutant: null, without: [] });
  for (const violation of violations) {
    terminal.print(`${violationText(violation, terminal.colours)}\n`);
  }
  const of = `${grouped(events)} events of ${implementation.id}`;
  const because = reason === null ? '' : `: ${reason}`;
  terminal.print(`${of}, verdict ${verdict}${because}${agrees ? '' : ', not the recorded one'}.`);
  const isHeld = verdict === 'pass' || verdict === 'excused';
  if (!isHeld) terminal.print(`  replay: ${terminal.colours.cyan(replay)}`);
  terminal.printJson({
    verdict,
    agrees,
    reason,
    violations,
    events,
    digest,
    situations: result.situations,
    statistics: result.statistics,
    implementation: implementation.id,
    versions,
    replay,
  });
  return isHeld ? ExitCode.ok : ExitCode.violated;
}
