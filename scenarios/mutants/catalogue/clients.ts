/** What clients are told (§8). */
import type { Mutant } from '../mutant.ts';

export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    id: 'pending-keyed-by-index',
    title: 'A waiting client is told ok as soon as any entry commits at its index',
    needs: 'a leader that is deposed with requests waiting, and then follows',
    edits: [
      {
        file: 'core/roles.ts',
        find: `  answerUnknown(state, out);\n`,
        replace: ``,
      },
      {
        file: 'core/pending-requests.ts',
        find: `  const request = state.pendingRequests[0];
  if (request === undefined || request.index > index) return;
  assert(request.index === index, 'requests are answered in order', request.index, index);
  state.pendingRequests.shift();\n`,
        replace: `  const place = state.pendingRequests.findIndex((pending) => pending.index === index);
  if (place < 0) return;
  const [request] = state.pendingRequests.splice(place, 1);
  if (request === undefined) return;\n`,
      },
      {
        file: 'core/pending-requests.ts',
        find: `  if (entry.term === request.term) out.respond(request.id, 'ok', nobody);
  else out.respond(request.id, 'rejected', nobody);\n`,
        replace: `  out.respond(request.id, 'ok', nobody);\n`,
      },
    ],
    breaks: ['acknowledged-is-committed'],
    section: '§8',
    source: ['https://thesquareplanet.com/blog/students-guide-to-raft/', 'baidu/braft#91'],
  },
  {
    id: 'pending-dropped-silently',
    title: 'A deposed leader forgets the requests that wait, and answers none of them',
    needs: 'a leader that is deposed with requests waiting',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `  for (const request of state.pendingRequests) out.respond(request.id, 'unknown', nobody);\n`,
        replace: ``,
      },
    ],
    breaks: ['no-request-forgotten'],
    section: '§8',
    source: ['etcd-io/etcd#11483', 'tikv/tikv#4071'],
  },
  {
    id: 'stepdown-reports-definite-failure',
    title: 'A deposed leader says that waiting requests did not happen, though they still may',
    needs: 'a leader that is deposed with entries on some followers',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `out.respond(request.id, 'unknown', nobody);`,
        replace: `out.respond(request.id, 'rejected', nobody);`,
      },
    ],
    breaks: ['refused-never-committed'],
    section: '§8',
    source: ['RedisLabs/redisraft#23', 'vesoft-inc/nebula#3880', 'baidu/braft#91'],
  },
];
