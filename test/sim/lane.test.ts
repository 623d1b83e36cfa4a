import { afterEach, expect, test } from 'vitest';
import { Lane, type LaneResult } from '../../sim/campaign/lane.ts';

const WORKER = `
import { parentPort, threadId, workerData } from 'node:worker_threads';
new Int32Array(workerData.heartbeat)[4] = 1;
parentPort.on('message', (task) => {
  if (task === 'exit') process.exit(3);
  if (task === 'throw') throw new RangeError('no such task');
  if (task === 'loop') for (;;);
  parentPort.postMessage(task + ' by ' + threadId);
  if (task === 'leave') setTimeout(() => process.exit(0), 10);
});
`;

const lanes: Lane<string, string>[] = [];
afterEach(() => Promise.all(lanes.splice(0).map((lane) => lane.close())));

function open(hangMs: number): Lane<string, string> {
  const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(WORKER)}`);
  const lane = new Lane<string, string>({ workerUrl, workerData: {}, hangMs, onPrint() {} });
  lanes.push(lane);
  return lane;
}

/** The thread that has answered. */
function threadOf(result: LaneResult<string>): string {
  expect(result.kind).toBe('done');
  return result.kind === 'done' ? result.reply.split(' by ')[1]! : '';
}

test('a lane hears the answer to each task, from one worker', async () => {
  const lane = open(5_000);
  const threads = new Set<string>();
  for (let i = 0; i < 300; i += 1) threads.add(threadOf(await lane.run(`task ${i}`)));
  expect(threads.size).toBe(1);
});

test('the next task gets a fresh worker, however the last one was lost', async () => {
  const lane = open(400);
  const first = threadOf(await lane.run('a'));
  expect(await lane.run('exit')).toMatchObject({
    how: 'died',
    message: 'its thread ended with code 3',
  });
  expect(await lane.run('throw')).toMatchObject({
    how: 'died',
    message: expect.stringContaining('no such task'),
  });
  const second = threadOf(await lane.run('b'));
  expect(await lane.run('loop')).toMatchObject({ kind: 'lost', how: 'hang' });
  const looping = lane.run('loop');
  lane.cancel();
  expect(await looping).toMatchObject({ kind: 'lost', how: 'cancelled' });
  const third = threadOf(await lane.run('c'));
  expect(new Set([first, second, third]).size).toBe(3);
});

test('a worker that leaves between two tasks is not missed', async () => {
  const lane = open(5_000);
  const first = threadOf(await lane.run('leave'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(threadOf(await lane.run('next'))).not.toBe(first);
});
