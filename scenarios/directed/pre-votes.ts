/** Schedules for the mutants of pre-vote (thesis §9.6). */
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

export const PRE_VOTES: readonly Directed[] = [
  {
    id: 'late-pre-vote',
    mutant: 'prevote-grant-counted-as-vote',
    story:
      'S1 stands with the pre-vote of S2, and that of S3 comes when S1 is a candidate. It names the term of S1, but S3 has promised nothing, and can still vote for another: a pre-vote is not a vote (thesis §9.6).',
    plan: latePreVote,
  },
  {
    id: 'remembered-leader',
    mutant: 'precandidate-keeps-leader',
    story:
      'S1 has led, and dies. S2 and S3 ask each other for pre-votes, and if both refuse because they know a leader, they do so for ever: only one that has been heard a short time ago counts (thesis §9.6).',
    plan: deadLeader,
  },
];
