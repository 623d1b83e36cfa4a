/**
 * A leader numbers its rounds of contact: whatever it sends bears the number of the newest round,
 * and is answered with it. What a majority has answered proves that nobody else could have been
 * elected before that round began (thesis §6.2, §6.4).
 */

/** Of one reign: an answer to an earlier one must not count here, however high its number is. */
export interface Rounds {
  /** The newest, counted from 1; 0 before the first. */
  newest: number;
  /** The newest that a majority has answered. */
  confirmed: number;
  /** Began then, local ms. */
  confirmedBeganMs: number;
  /** A majority was heard then, local ms; at first the begin of the reign. */
  heardMs: number;
  /** When the rounds confirmed + 1 … newest began, local ms; empty where nobody asks. */
  readonly beganMs: number[];
  /** By node: the newest that it has answered. */
  readonly answered: number[];
}

/** `size` places for nodes. */
export function createRounds(size: number): Rounds {
  return {
    newest: 0,
    confirmed: 0,
    confirmedBeganMs: 0,
    heardMs: 0,
    beganMs: [],
    answered: new Array<number>(size).fill(0),
  };
}

export function cloneRounds(rounds: Rounds): Rounds {
  return {
    newest: rounds.newest,
    confirmed: rounds.confirmed,
    confirmedBeganMs: rounds.confirmedBeganMs,
    heardMs: rounds.heardMs,
    beganMs: rounds.beganMs.slice(),
    answered: rounds.answered.slice(),
  };
}

/** The election itself has been contact with a majority. */
export function resetRounds(rounds: Rounds, now: number): void {
  rounds.newest = 0;
  rounds.confirmed = 0;
  rounds.confirmedBeganMs = 0;
  rounds.heardMs = now;
  rounds.beganMs.length = 0;
  rounds.answered.fill(0);
}

/** A majority has answered `round`, and with it all rounds before. */
export function confirmRound(rounds: Rounds, round: number, now: number): void {
  if (rounds.beganMs.length > 0) {
    const passed = round - rounds.confirmed;
    rounds.confirmedBeganMs = rounds.beganMs[passed - 1]!;
    rounds.beganMs.splice(0, passed);
  }
  rounds.confirmed = round;
  rounds.heardMs = now;
}
