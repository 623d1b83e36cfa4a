/** Why a run did not hold, in words for the author of the program. */
import { PROGRAM_SITUATIONS } from '../../invariants/causal/program-situations.ts';
import type { Violation } from '../../invariants/violation.ts';
import { grouped, milliseconds } from '../story/programs/amounts.ts';
import { ruleWordsOf } from './rule-words.ts';
import type { Why } from './run-grade.ts';

export interface WhyWords {
  /** What broke: tells nothing of when, where or why. */
  readonly broken: string;
  /** Who, when, and with which values; null where there is nothing more to say. */
  readonly detail: string | null;
  readonly rule: string | null;
  readonly why: string | null;
  readonly look: string | null;
}

const NOTHING = { detail: null, rule: null, why: null, look: null };

export function whyWords(why: Why): WhyWords {
  switch (why.kind) {
    case 'broken': {
      const { property, section, sentence, atUs } = why.violation;
      const words = ruleWordsOf(property);
      return {
        broken: `Broken: ${words?.broken ?? property}.`,
        detail: `At ${milliseconds(atUs)}: ${detailWords(why.violation)}`,
        rule: `Rule: ${section}: ${inNames(sentence)}`,
        why: words === null ? null : `Why: ${words.why}`,
        look: words === null ? null : `Look at: ${words.look}.`,
      };
    }
    case 'failed':
      return failureWords(why.failure);
    case 'silent':
      return {
        broken:
          'Your servers set no timer and sent nothing, so nobody can ever stand for election.',
        detail: null,
        rule: 'Rule: Figure 2, Rules for Servers, Followers: a follower that hears nothing for an election timeout starts an election.',
        why: null,
        look: 'Look at: what you do with `start`: set a timer, for example "election", 150 to 300 ms.',
      };
    case 'mute':
      return {
        broken:
          'Timers of your servers ran out, and your servers did nothing: no message, no write, no claim.',
        detail: null,
        rule: 'Rule: Figure 2, Rules for Servers, Followers: a follower that hears nothing for an election timeout starts an election.',
        why: null,
        look: 'Look at: what you do with `timer`: a new term, a vote for oneself, and RequestVote to all the others.',
      };
    case 'storm':
      return {
        ...NOTHING,
        broken: why.isAwake
          ? `Too much: more than ${grouped(why.most)} timers ran out, and no end of it.`
          : `Too much: more than ${grouped(why.most)} messages, writes and requests, and no end of it.`,
        look: why.isAwake
          ? 'Look at: timers of no length, and loops that sleep for next to nothing; who polls declares `pollMs`.'
          : 'Look at: messages that are answered by messages without end.',
      };
    case 'notReached':
      return {
        ...NOTHING,
        broken: `This test was not put to the test: ${situationWords(why.situation)}`,
        look: 'Look at: whether timers are set at the start, and claims are made; the sentence above the test says what it waits for.',
      };
    case 'notAnswered':
      return {
        ...NOTHING,
        broken: `Not put to the test: ${count(why.got, 'command')} answered ok; ${why.wanted} are wanted.`,
        look: 'Look at: `request` events: the leader answers ok when the command is applied, the others redirect to it.',
      };
    case 'tooCostly':
      return { ...NOTHING, broken: 'Too costly.', detail: why.sentence };
    case 'otherTimers': {
      const [least, most] = why.electionMs;
      return {
        ...NOTHING,
        broken: 'The election timeouts are not those that were declared.',
        detail:
          why.silentMs === null
            ? `Declared: ${least} to ${most} ms. No timer lay between; the longest was ${why.longestMs} ms.`
            : `Declared: ${least} to ${most} ms. Nobody did anything for ${why.silentMs} ms.`,
        why: 'Why: every test is as long as the declared timeouts make it.',
      };
    }
    case 'notRun':
      return { ...NOTHING, broken: `Not run: ${why.sentence}` };
  }
}

/** What is said already is not said again. */
function detailWords({ detail }: Violation): string {
  return inNames(detail.replace(/^No order of the operations explains what the clients saw: /, ''));
}

/** What broke, in a few words, for a list. */
export function brokenWords(why: Why): string {
  const { broken } = whyWords(why);
  return broken.replace(/^Broken: /, '').replace(/\..*$/s, '');
}

const FAILURES: Readonly<Record<string, readonly [string, string]>> = {
  PROTOCOL: [
    'an answer that the protocol does not know',
    'docs/protocol.md: every event is answered by one line with its number and a list of actions',
  ],
  HANG: [
    'no answer in time',
    'a loop that never ends, a lock that nobody frees, and whether stdout is flushed behind every line. In Go also a goroutine that loops and never sleeps: time stands still until all of them wait',
  ],
  CRASH: ['the program ended by itself', 'the line of your program that is named above'],
  LIMIT: ['more than the bench takes', 'how much one event makes the server do, and print'],
  HALT: [
    'a server stopped itself, though its disk was whole',
    'where you halt: only for a write that has failed',
  ],
};

function failureWords(failure: Extract<Why, { kind: 'failed' }>['failure']): WhyWords {
  const { kind, message, node, event } = failure;
  const [what, look] = FAILURES[kind]!;
  return {
    broken: `${kind}: ${what}.`,
    detail: `Server n${node}, event ${event} of the run: ${message.replace(/\.$/, '')}.`,
    rule: null,
    why: null,
    look: `Look at: ${look}.`,
  };
}

const NEVER: Readonly<Record<string, string>> = {
  'leader-claimed': 'no server ever led.',
  'leader-changed': 'no second leader ever followed the first.',
  'candidate-claimed': 'no server ever stood for election.',
  'ok-answered': 'no write was ever answered ok.',
  'read-answered': 'no read was ever answered ok.',
  'snapshot-taken': 'no snapshot was ever taken.',
  'snapshot-installed': 'no server ever went on from the snapshot of another.',
  'snapshot-restored': 'no server ever went on from a snapshot.',
  'restarted-with-writes': 'no server ever found something on its disk after a restart.',
  'crash-with-unfinished-write': 'no crash ever met a write that was not safe yet.',
  'membership-changed': 'no change of membership was ever answered ok.',
  'leadership-transferred': 'no transfer of leadership was ever answered ok.',
  'redirect-answered': 'no request was ever answered with redirect.',
  'leader-cut-off': 'no leader was ever cut off from a majority.',
};

/** What never came about, as a sentence. */
export function situationWords(id: string): string {
  const never = NEVER[id];
  if (never !== undefined) return never;
  const sentence = PROGRAM_SITUATIONS.find((one) => one.id === id)?.sentence ?? id;
  return `this never came about: "${sentence}"`;
}

/** Servers are called as the protocol calls them. */
export function inNames(text: string): string {
  return text.replace(/\bS([1-7])\b/g, 'n$1');
}

function count(value: number, what: string): string {
  return value === 1 ? `1 ${what} was` : `${value} ${what}s were`;
}
