/** Schedules for the mutants of pre-vote (thesis §9.6). */
import type { Plan } from '../../sim/kernel/plan.ts';
import { script } from '../script.ts';
import type { Directed } from './directed.ts';

/** S1 stands with the pre-vote of S2; that of S3 is late, and nobody is asked for a vote. */
// biome-ignore format: one moment of the story per line
const latePreVote = script({ size: 3, quietTimers: true, preVote: true })
  .delay({ from: 3, to: 1, kind: 'RequestVoteResponse' }, 10)
  // The first request on each link is for the pre-vote.
  .drop({ from: 1, to: [2, 3], kind: 'RequestVote', nth: 2 })
  .at(100).elapse(1)
  .until(200)
  .plan();

/** S1 has led, and dies; S2 and S3 have both heard it. */
// biome-ignore format: one moment of the story per line
const deadLeader = script({ size: 3, quietTimers: true, preVote: true, settle: true, phases: { core: [2, 3] } })
  .at(100).elapse(1)
  .at(200).crash(1)
  .until(300)
  .plan();

/** S1 has the longer log and is a term behind S2; nobody else is left. */
// biome-ignore format: one moment of the story per line
const behindInTerms = script({ size: 3, preVote: true, settle: true, phases: { core: [1, 2] } })
  .image(1, { term: 1, log: [1, 1] })
  .image(2, { term: 2, log: [1] })
  .image(3, { term: 2, log: [1] })
  .at(0).crash(3)
  .until(100)
  .plan();

/** Servers ask for pre-votes after 48 ms, and heartbeats come every 50 ms, up to 19 ms sooner or later. */
function impatience(): Plan {
  const options = { size: 3, latencyMs: [1, 20], preVote: true, settle: true } as const;
  const story = script(options).at(10);
  for (const node of [1, 2, 3]) {
    for (let nth = 1; nth <= 40; nth += 1) story.timer(node, 'election', nth, 48);
  }
  return story.plan();
}

export const PRE_VOTES: readonly Directed[] = [
  {
    id: 'late-pre-vote',
    mutant: 'prevote-grant-counted-as-vote',
    story:
      'S1 stands with the pre-vote of S2, and that of S3 comes when S1 is a candidate. It names the term of S1, but S3 has promised nothing, and can still vote for another: a pre-vote is not a vote (thesis §9.6).',
    plan: latePreVote,
  },
  {
    id: 'impatient-servers',
    mutant: 'prevote-no-lease-check',
    story:
      'Heartbeats often come later than the servers wait for them. Who has missed one has a log that is good enough, and wins as long as the log is all that counts; but the others have just heard the leader, and refuse their pre-votes (thesis §9.6, §4.2.3).',
    plan: impatience(),
  },
  {
    id: 'remembered-leader',
    mutant: 'precandidate-keeps-leader',
    story:
      'S1 has led, and dies. S2 and S3 ask each other for pre-votes, and if both refuse because they know a leader, they do so for ever: only one that has been heard a short time ago counts (thesis §9.6).',
    plan: deadLeader,
  },
  {
    id: 'term-from-a-refusal',
    mutant: 'prevote-refusal-term-ignored',
    story:
      'S1 has an entry more than S2, and a lower term. S2 cannot win without the entry, and refuses S1, which asks for a term that S2 is in already: S1 learns from the refusal which term that is, or asks for the same one for ever (thesis §9.6, §5.1).',
    plan: behindInTerms,
  },
];
