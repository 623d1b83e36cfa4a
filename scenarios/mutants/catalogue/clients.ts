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
    breaks: ['acknowledged-is-committed', 'linearizability'],
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
    breaks: ['refused-never-committed', 'exactly-once', 'linearizability'],
    section: '§8',
    source: ['RedisLabs/redisraft#23', 'vesoft-inc/nebula#3880', 'baidu/braft#91'],
  },
  {
    id: 'acknowledged-on-append',
    title: 'A leader answers ok when it has appended a request, not when it is committed',
    needs: 'a leader that is deposed before a majority has the entry',
    edits: [
      {
        file: 'core/requests.ts',
        find: `    addPendingRequest(state, request.id);\n`,
        replace: `    out.respond(request.id, 'ok', nobody);\n`,
      },
      {
        file: 'core/requests.ts',
        find: `import { addPendingRequest, isOverloaded }`,
        replace: `import { isOverloaded }`,
      },
    ],
    breaks: ['acknowledged-is-committed', 'linearizability'],
    section: '§5.3, §8',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'answered-twice',
    title: 'A client is answered when its entry is committed, and once more when it is applied',
    needs: 'a request',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `  if (entry.term === request.term) out.respond(request.id, 'ok', nobody);\n`,
        replace: `  if (entry.term === request.term) out.respond(request.id, 'ok', nobody);
  if (entry.term === request.term) out.respond(request.id, 'ok', nobody);\n`,
      },
    ],
    breaks: ['one-answer'],
    section: '§8',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'batch-takes-last-command',
    title: 'All entries of a batch hold its last command: a loop variable kept by reference',
    needs: 'two requests in one event',
    edits: [
      {
        file: 'core/requests.ts',
        find: `const entry = entryOf(state, request.command);`,
        replace: `const { command } = state.queuedRequests[state.queuedRequests.length - 1]!;
    const entry = entryOf(state, command);`,
      },
    ],
    breaks: ['acknowledged-is-committed', 'exactly-once'],
    section: '§8',
    source: ['https://raft.github.io/raft.pdf'],
  },
  {
    id: 'redirect-to-self',
    title: 'A server that does not lead sends clients to itself',
    needs: 'clients that follow redirects',
    edits: [
      {
        file: 'core/requests.ts',
        find: `out.respond(request.id, 'redirect', state.leaderId);`,
        replace: `out.respond(request.id, 'redirect', state.self);`,
      },
    ],
    breaks: ['traffic-progress'],
    section: '§8',
    source: ['https://raft.github.io/raft.pdf'],
  },
];
