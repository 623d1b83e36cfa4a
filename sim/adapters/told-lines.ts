/** What one server was told in a run, as the lines that its program has read: for a debugger. */
import type { ProgramEvent } from '../protocol/events.ts';
import type { Program, ProgramHost } from '../protocol/program.ts';

const HELLO = { n: 1, kind: 'hello', protocols: [1], bench: 'whitewater' };

export class ToldLines {
  /** The lines of each life of the server, the first one first. */
  readonly lives: string[][] = [];
  private readonly server: string;

  /** `server`: for example `n2`. */
  constructor(server: string) {
    this.server = server;
  }

  /** The same programs; what this server is told is kept. */
  watched(host: ProgramHost): ProgramHost {
    return {
      ready: host.ready,
      begin: () => this.watchedProgram(host.begin()),
      log: () => host.log(),
    };
  }

  private watchedProgram(program: Program): Program {
    let lines: string[] | null = null;
    return {
      answer: (event) => {
        if (event.kind === 'start' && event.self === this.server) {
          lines = [JSON.stringify(HELLO)];
          this.lives.push(lines);
        }
        // Before the answer: there may be none.
        if (lines !== null) lines.push(lineOf(event, lines.length + 1));
        return program.answer(event);
      },
      end: () => program.end(),
    };
  }
}

function lineOf(event: ProgramEvent, n: number): string {
  return JSON.stringify({ n, ...event });
}
