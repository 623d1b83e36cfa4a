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
        find: `    if (answer !== undefined) return answer;`,
        replace: `    if (answer !== undefined && open.answeredBelow < 0) return answer;`,
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
    breaks: ['exactly-once'],
    section: '§8, thesis §6.3',
    source: ['Ongaro, thesis §6.3'],
  },
];
