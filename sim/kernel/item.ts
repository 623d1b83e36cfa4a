/** Something that is going to happen. */

/** What an item means; the fields of Item are read accordingly. */
export const ItemKind = {
  /** node: to; from, id, stamp, ref: the body. */
  message: 0,
  /** node; id: timer slot; stamp: token of the setting. */
  timer: 1,
  /** node; from: boot; id: write id; stamp: stream. */
  write: 2,
  /** node; ref: the batch of requests. */
  request: 3,
  /** id: client; stamp: token. */
  clientTick: 4,
  clientTimeout: 5,
  clientRetry: 6,
  /** id: place in plan.faults; node: whom a trigger is about, 0 for a timed fault. */
  fault: 7,
  /** node; id: the life that ended. */
  restart: 8,
  /** node; id: the pause that ends. */
  resume: 9,
  /** ref: links to free; id: the network's generation when they were blocked. */
  unblock: 10,
  /** The phase machine looks at the whole. */
  inspect: 11,
  /** id: place in workload.script. */
  script: 12,
  /** node; from: boot; id: write id; ref: the error. */
  writeFailed: 13,
  /** node; from: boot; id: index; ref: the data. */
  snapshot: 14,
  /** node; id: operator; ref: the attempt. */
  admin: 15,
  /** id: operator; ref: the attempt, answered. */
  adminAnswer: 16,
  /** id: operator; stamp: token. */
  operator: 17,
} as const;

/** Items are used again: one that was taken is good until the next is taken, unless it is kept. */
export interface Item {
  kind: number;
  node: number;
  from: number;
  id: number;
  stamp: number;
  ref: unknown;
  /** Owned by the queue. */
  atUs: number;
  sequence: number;
  next: Item | null;
}

/** The order of the future: time, then order of pushing. */
export function comesBefore(a: Item, b: Item): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.sequence < b.sequence);
}

/** Goes to a server, as one event; everything else is of the world around them. */
export function isForServer({ kind }: Item): boolean {
  switch (kind) {
    case ItemKind.message:
    case ItemKind.write:
    case ItemKind.writeFailed:
    case ItemKind.timer:
    case ItemKind.request:
    case ItemKind.snapshot:
    case ItemKind.admin:
      return true;
    default:
      return false;
  }
}
