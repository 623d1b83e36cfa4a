/** Stories of reads that are answered without the log. */
import { History } from './history.ts';
import type { Story } from './story.ts';

/** S1 leads term 1, and has committed its no-op with S2. */
function leading(): History {
  return new History(3).boot().elect(1, 1, [2, 3]).replicate(1, 2).apply(1, 1);
}

/** The same; a read has come to S1. */
function asked(): History {
  const history = leading();
  return history.request(1, '1.1/1', history.invoke(1, 'get x'));
}

export const READ_STORIES: Readonly<Record<string, Story>> = {
  'read-at-once': {
    told: () => asked().respond(1, '1.1/1', 'ok'),
    near: () => asked().wake(1).respond(1, '1.1/1', 'ok'),
  },
  'read-beside-candidate': {
    told: () => {
      const history = leading();
      history.wake(3).vote(3, 2, 3);
      history.sendRequestVote(3, 1, 2);
      const get = history.invoke(1, 'get x');
      return history.request(1, '1.1/1', get).respond(1, '1.1/1', 'ok');
    },
    near: () => asked().respond(1, '1.1/1', 'ok'),
  },
  'read-confirmed': {
    told: () => asked().wake(1).respond(1, '1.1/1', 'ok'),
    near: () => asked().respond(1, '1.1/1', 'ok'),
  },
  'read-given-up': {
    told: () => asked().wake(1).respond(1, '1.1/1', 'redirect', 2),
    near: () => asked().respond(1, '1.1/1', 'redirect', 2),
  },
  'read-before-own-commit': {
    told: () => {
      const history = new History(3).boot().elect(1, 1, [2, 3]);
      return history.request(1, '1.1/1', history.invoke(1, 'get x'));
    },
    near: () => asked(),
  },
  'read-at-deposed-leader': {
    told: () => {
      const history = leading().elect(2, 2, [3]);
      return history.request(1, '1.1/1', history.invoke(1, 'get x'));
    },
    near: () => {
      const history = leading().elect(2, 2, [3]);
      return history.request(2, '1.1/1', history.invoke(1, 'get x'));
    },
  },
};
