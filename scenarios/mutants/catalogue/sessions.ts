/** Client sessions: exactly once (§8, thesis §6.3). */
import type { Mutant } from '../mutant.ts';

export const SESSION_MUTANTS: readonly Mutant[] = [
  {
    id: 'retry-applied-twice',
    title: 'A command that a client sends again is carried out again',
    needs: 'sessions, and an answer that is lost',
    edits: [
      {
        file: 'core/sessions.ts',
        find: `    const answer = open.answers.get(command.seq);
    if (answer !== undefined) return answer;\n`,
        replace: ``,
      },
    ],
    breaks: ['exactly-once', 'linearizability'],
    section: '§8, thesis §6.3',
    source: ['rabbitmq/ra#145', 'RedisLabs/redisraft#659'],
  },
  {
    id: 'dedup-wrong-cached-response',
    title: 'A command that comes again gets the latest answer of its client, not its own',
    needs: 'sessions, and several commands under way',
    edits: [
      {
        file: 'core/sessions.ts',
        find: `    if (answer !== undefined) return answer;`,
        replace: `    if (answer !== undefined) return [...open.answers.values()].pop() ?? null;`,
      },
    ],
    breaks: ['exactly-once', 'linearizability'],
    section: '§8, thesis §6.3',
    source: ['Ongaro, thesis §6.3'],
  },
  {
    id: 'dedup-recorded-at-append',
    title: 'A leader says ok to a command that is in its log already, committed or not',
    needs: 'sessions, and a leader that is cut off',
    edits: [
      {
        file: 'core/requests.ts',
        find: `    else state.queuedRequests.push(request);`,
        replace: `    else if (isInLog(state, request.command)) out.respond(request.id, 'ok', nobody);
    else state.queuedRequests.push(request);`,
      },
      {
        file: 'core/requests.ts',
        find: `/** Appends what is queued,`,
        replace: `function isInLog({ log }: RaftState, { clientId, seq }: Command): boolean {
  for (let index = log.lastIndex; index > log.baseIndex; index -= 1) {
    const { command } = log.entryAt(index);
    if (command !== null && command.clientId === clientId && command.seq === seq) return true;
  }
  return false;
}

/** Appends what is queued,`,
      },
    ],
    breaks: ['acknowledged-is-committed', 'linearizability'],
    section: '§8, thesis §6.3',
    source: ['Ongaro, thesis §6.3'],
  },
];
