/** What operators are told (§6, thesis §3.10). */
import type { Mutant } from '../mutant.ts';

export const OPERATOR_MUTANTS: readonly Mutant[] = [
  {
    id: 'change-abandoned-says-rejected',
    title: 'A leader that steps down says of every change that it did not happen',
    needs: 'a change whose leader is deposed before it is committed, and whose entry gets on',
    edits: [
      {
        file: 'core/pending-requests.ts',
        find: `    out.respond(change.id, change.joining.length > 0 ? 'rejected' : 'unknown', nobody);`,
        replace: `    out.respond(change.id, 'rejected', nobody);`,
      },
    ],
    breaks: ['operators-told-truly'],
    section: '§6, §8',
    source: ['Ongaro, thesis §4.1'],
  },
  {
    id: 'transfer-given-up-says-rejected',
    title: 'A leader that gives a transfer up says that it did not happen',
    needs: 'a TimeoutNow that is late',
    edits: [
      {
        file: 'core/transfer.ts',
        find: `  out.respond(id, isAsked ? 'unknown' : 'rejected', nobody);`,
        replace: `  out.respond(id, isAsked ? 'rejected' : 'rejected', nobody);`,
      },
    ],
    breaks: ['operators-told-truly'],
    section: 'thesis §3.10',
    source: ['Ongaro, thesis §3.10'],
  },
];
