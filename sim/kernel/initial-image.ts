/** Turns a plan's initial image into log entries; equal (index, term) means equal entries. */
import type { Entry } from '../../core/messages.ts';
import type { InitialImage } from './plan.ts';

/** Commands in initial images belong to client 0; (index, term) gives the sequence number. */
export function initialEntries(image: InitialImage): Entry[] {
  return image.log.map(({ term, op }, i) => ({
    term,
    command: op === null ? null : { clientId: 0, seq: term * 10_000 + i + 1, op },
  }));
}
