/**
 * A few numbers that a worker shares with its parent, so that the parent can tell a long run from
 * a loop, and whose loop it is. Nothing of it reaches the run: the parent only reads.
 */
import type { CreateServer, Outbox, Server, ServerEvent } from '../../core/contract.ts';
import type { Implementation } from '../run.ts';

/** Places in the shared array. */
const Place = { beats: 0, position: 1, events: 2, node: 3, isReady: 4, hasRun: 5 } as const;
const PLACES = 6;

/** The node number of a server that has not been started yet. */
const UNBORN = -1;

/** What a worker was doing when somebody looked. */
export interface Reading {
  /** False while the worker itself is still being loaded. */
  readonly isReady: boolean;
  /** True once a server has got an event, in this task or in an earlier one. */
  readonly hasRun: boolean;
  /** Grows whenever something happens. */
  readonly beats: number;
  /** Place of the running seed in its task; -1 before the first one. */
  readonly position: number;
  /** Events that servers have got in this run. */
  readonly events: number;
  /** The server whose code is running; 0 when it is the bench's own. */
  readonly node: number;
  /** True when the code that is running is the implementation's. */
  readonly isInside: boolean;
}

export class Heartbeat {
  readonly shared: SharedArrayBuffer;
  private readonly places: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(4 * PLACES)) {
    this.shared = shared;
    this.places = new Int32Array(shared);
  }

  /** The worker is loaded: from now on what takes time is the task. */
  ready(): void {
    this.places[Place.isReady] = 1;
    this.beat();
  }

  /** A task begins. */
  reset(): void {
    this.places[Place.position] = -1;
    this.places[Place.events] = 0;
    this.places[Place.node] = 0;
    this.beat();
  }

  /** The run of the seed at this place of the task begins. */
  begin(position: number): void {
    this.places[Place.position] = position;
    this.places[Place.events] = 0;
    this.places[Place.node] = 0;
    this.beat();
  }

  /** The implementation's code begins to make a server. */
  enterCreation(): void {
    this.places[Place.node] = UNBORN;
    this.beat();
  }

  /** The implementation's code begins to take an event. */
  enterStep(node: number): void {
    this.places[Place.events]! += 1;
    this.places[Place.hasRun] = 1;
    this.places[Place.node] = node;
    this.beat();
  }

  /** The implementation's code has returned. */
  leave(): void {
    this.places[Place.node] = 0;
  }

  read(): Reading {
    const node = Atomics.load(this.places, Place.node);
    return {
      isReady: Atomics.load(this.places, Place.isReady) === 1,
      hasRun: Atomics.load(this.places, Place.hasRun) === 1,
      beats: Atomics.load(this.places, Place.beats),
      position: Atomics.load(this.places, Place.position),
      events: Atomics.load(this.places, Place.events),
      node: Math.max(0, node),
      isInside: node !== 0,
    };
  }

  private beat(): void {
    this.places[Place.beats] = (this.places[Place.beats]! + 1) | 0;
  }
}

/** The same implementation, but every call into it shows on the heartbeat. */
export function watched(implementation: Implementation, heartbeat: Heartbeat): Implementation {
  const { createServer } = implementation;
  const create: CreateServer = () => {
    heartbeat.enterCreation();
    const server = new WatchedServer(createServer(), heartbeat);
    heartbeat.leave();
    return server;
  };
  return { ...implementation, createServer: create };
}

/** An exception leaves it inside: whoever catches it begins the next run. */
class WatchedServer implements Server {
  private node = UNBORN;
  private readonly server: Server;
  private readonly heartbeat: Heartbeat;

  constructor(server: Server, heartbeat: Heartbeat) {
    this.server = server;
    this.heartbeat = heartbeat;
  }

  step(event: ServerEvent, out: Outbox): void {
    if (event.kind === 'start') this.node = event.self;
    this.heartbeat.enterStep(this.node);
    this.server.step(event, out);
    this.heartbeat.leave();
  }
}
