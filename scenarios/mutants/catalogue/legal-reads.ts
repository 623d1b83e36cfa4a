/** Not bugs: freedoms of reads without the log and of contact. The bench must stay silent on all of them. */
import type { Mutant } from '../mutant.ts';

export const LEGAL_READ_MUTANTS: readonly Mutant[] = [
  {
    id: 'refusal-confirms-no-read',
    title: 'A read waits for agreement: a refusal in its own term does not confirm its round',
    needs:
      'reads without the log, no check-quorum and no lease, and a follower whose log does not agree',
    edits: [
      {
        file: 'core/replication.ts',
        find: `  if (body.round !== undefined) noteAnswer(state, from, body.round);`,
        replace: `  const counts = body.success || state.protectsLeaders;
  if (body.round !== undefined && counts) noteAnswer(state, from, body.round);`,
      },
    ],
    breaks: [],
    section: 'thesis §6.4',
    source: ['Ongaro, thesis §6.4'],
    legal:
      'Who refuses in the current term follows this leader and would count; not to count it can only make a read wait for the next round. Under check-quorum it would be no longer legal: a leader that backs up over a long log, refused again and again, would step down although it is heard.',
  },
  {
    id: 'read-index-when-answered',
    title: 'A read waits for all that is committed when it is answered, not when it came',
    needs: 'reads without the log',
    edits: [
      {
        file: 'core/reads.ts',
        find: `    if (read.round > confirmed || read.readIndex > lastApplied) break;`,
        replace: `    const newest = readIndex(state.commitIndex, state.reignIndex);
    if (read.round > confirmed || newest > lastApplied) break;`,
      },
    ],
    breaks: [],
    section: 'thesis §6.4',
    source: ['Ongaro, thesis §6.4'],
    legal:
      'A read takes effect at some moment between request and answer. The commit index never falls, so a later one includes all that the earlier one did.',
  },
  {
    id: 'install-answer-of-earlier-reign',
    title: 'That a snapshot is installed counts also when a leader hears of it in a later reign',
    needs: 'snapshots, and a leader that leads again',
    edits: [
      {
        file: 'core/install-snapshot-response.ts',
        find: `  if (body.term < state.currentTerm) return;`,
        replace: `  const isOfThisReign = body.term === state.currentTerm;
  if (!isOfThisReign && !body.done) return;`,
      },
      {
        file: 'core/install-snapshot-response.ts',
        find: `  if (body.round !== undefined) noteAnswer`,
        replace: `  if (body.round !== undefined && isOfThisReign) noteAnswer`,
      },
      {
        file: 'core/install-snapshot-response.ts',
        find: `  assert(lastIncludedIndex <= state.commitIndex, 'snapshots are committed', lastIncludedIndex);\n`,
        replace: ``,
      },
      {
        file: 'core/install-snapshot-response.ts',
        find: `import { assert } from './assert.ts';\n`,
        replace: ``,
      },
    ],
    breaks: [],
    section: '§7, Figure 13',
    source: ['Ongaro, thesis §5.1'],
    legal:
      'What a snapshot covers is committed, so every later leader has it, and the follower keeps it on disk. Only the number of the round belongs to a reign, and does not count.',
  },
];
