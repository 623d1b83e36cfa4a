/** The named situations of reads that do not go through the log (thesis §6.4). */
// In reports they come behind those of snapshots.
import './snapshot-situations.ts';
import { situation } from './situation.ts';

/** What can be counted where leaders answer reads by themselves. */
export const ReadHappened = {
  atOnce: situation(
    'read-at-once',
    'A read was answered without the log in the step in which it came.',
    1_000,
    'lease',
  ),
  besideCandidate: situation(
    'read-beside-candidate',
    'A read was answered at once while another server stood for election in a later term.',
    5_000,
    'lease',
  ),
  confirmed: situation(
    'read-confirmed',
    'A read was answered without the log, later than it came.',
    1_000,
    'readIndex',
  ),
  givenUp: situation('read-given-up', 'A read that had waited was refused.', 1_000, 'readIndex'),
  beforeOwnCommit: situation(
    'read-before-own-commit',
    'A read came to a leader that had committed nothing of its term yet.',
    1_000,
    'readIndex',
  ),
  askedTooLate: situation(
    'read-at-deposed-leader',
    'A read came to a leader that had a successor already.',
    1_000,
    'readIndex',
  ),
};
