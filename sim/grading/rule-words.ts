/** Why a rule that a submission has broken exists, and where its author may look. */
export interface RuleWords {
  /** What broke, in a few words. */
  readonly broken: string;
  /** The bad run that the rule prevents. */
  readonly why: string;
  /** Where in a program the bug usually is. */
  readonly look: string;
}

const WORDS: Readonly<Record<string, RuleWords>> = {
  'impossible-knowledge': {
    broken: 'a server used what nobody had told it',
    why: 'Servers share nothing but messages: whatever else they share is gone on real machines.',
    look: 'a variable or file that all servers use, and memory that outlives a restart. Ask your teacher if you think this is wrong',
  },
  'elected-without-majority': {
    broken: 'elected without a majority',
    why: 'Two servers that each need less than a majority can lead the same term, and both commit.',
    look: 'how you count votes: your own is one of them, old and doubled answers are not, and half of four is no majority',
  },
  'elected-before-durable-majority': {
    broken: 'elected before a durable majority',
    why: 'A vote that is not on a disk is forgotten by a crash, and given to somebody else in the same term.',
    look: 'what you do when you grant a vote: write currentTerm and votedFor first, answer when the write is safe',
  },
  'election-safety': {
    broken: 'one leader per term',
    why: 'Two leaders of one term put different commands into the same place of the log.',
    look: 'whether a vote is given once per term, also after a restart, and whether a restarted leader follows again',
  },
  'claimed-terms-rise': {
    broken: 'terms only rise',
    why: 'A server that falls back to an earlier term votes in it a second time.',
    look: 'where you set currentTerm, and whether it is written before anything is sent in the new term',
  },
  'acknowledged-without-majority': {
    broken: 'answered ok without a majority',
    why: 'What only a few servers have is lost when they are, and the client was told that it is safe.',
    look: 'when you answer a request: after the entry is committed and applied, not when it is appended',
  },
  'acknowledged-before-durable-majority': {
    broken: 'answered ok before a durable majority',
    why: 'What is only in memory on some of the majority is lost by a crash of those.',
    look: 'when a follower says that an entry is in its log, and when a leader counts its own copy: after the write is safe',
  },
  'no-invented-command': {
    broken: 'every command was asked for',
    why: 'What nobody has asked for cannot be right.',
    look: 'whether you apply the op exactly as it was handed to you, its last word included',
  },
  'applied-sequences-agree': {
    broken: 'all servers apply the same commands in the same order',
    why: 'Servers that apply other commands, or in another order, hold different data for ever.',
    look: 'when you raise commitIndex (only what this term has on a majority), what you overwrite on a conflict, and whether you apply each index once',
  },
  'exactly-once': {
    broken: 'a command takes effect once',
    why: 'A command that is carried out twice overwrites what was written in between.',
    look: 'whether a request can get into the log twice, and whether an index can be applied twice',
  },
  'acknowledged-is-committed': {
    broken: 'ok only for what is applied',
    why: 'An answer before the command is applied tells the client of a state that may never be.',
    look: 'which request you answer when an entry is applied: the place in the log may hold another one by now',
  },
  'acknowledged-writes-survive': {
    broken: 'what was answered is never lost',
    why: 'A client that was told ok has no reason to ask again.',
    look: 'the check that a candidate is up to date, what is written before an answer, and what a restart reads back',
  },
  'refused-never-committed': {
    broken: 'what was refused is not carried out',
    why: 'A client that was told no asks again, and its command is carried out twice.',
    look: 'what you answer to waiting requests when you stop leading: not redirect, for they may still be committed',
  },
  'one-answer': {
    broken: 'one answer for each request',
    why: 'A second answer reaches a client that waits for something else.',
    look: 'whether you forget a request once it is answered',
  },
  linearizability: {
    broken: 'linearizability. No order of the operations explains what the clients saw',
    why: 'A leader cannot tell being cut off from being idle: it may have been replaced before it answers.',
    look: 'how reads are served: through the log, or after a round of heartbeats to a majority',
  },
  'leader-election-liveness': {
    broken: 'somebody leads in the end',
    why: 'Without a leader no command is ever carried out.',
    look: 'whether the election timer is set again after each of its runs, drawn anew each time, and whether everybody can stand',
  },
  'applied-sequences-converge': {
    broken: 'all servers catch up in the end',
    why: 'A server that stays behind is of no use when the others fail.',
    look: 'what a leader does when a follower refuses: go back, and try again with every heartbeat',
  },
  'traffic-progress': {
    broken: 'clients get their commands carried out in the end',
    why: 'When the faults are over a client that tries again must succeed.',
    look: 'whether every request is answered, and whether who does not lead says who does',
  },
};

export function ruleWordsOf(property: string): RuleWords | null {
  return WORDS[property] ?? null;
}
