/** One server as the world sees it: a process that starts, crashes, pauses and starts again. */
import type { Server } from '../../core/contract.ts';
import type { LogIndex, NodeId } from '../../core/messages.ts';
import { Clock } from './clock.ts';
import { Disk } from './disk.ts';
import type { EventQueue } from './event-queue.ts';
import type { Item } from './item.ts';
import { MachineLog } from './machine-log.ts';
import type { OpaqueHosting } from './opaque.ts';
import type { Plan } from './plan.ts';
import { openStream, type Stream } from './random.ts';
import { noReign, type Reign } from './reign.ts';
import { SnapshotMaker } from './snapshot-maker.ts';
import type { HostedStateMachine } from './state-machine.ts';
import { Timers } from './timers.ts';

export interface Process {
  readonly node: NodeId;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly timers: Timers;
  readonly snapshots: SnapshotMaker;
  /** Makes the seed that each life is told. */
  readonly seedDraw: Stream;
  /** null where the state machine dies with the server. */
  readonly machineLog: MachineLog | null;
  /** null while the server is down. */
  server: Server | null;
  stateMachine: HostedStateMachine | null;
  /** The life: 0 for the first; -1 before it. */
  boot: number;
  /** Its disk is gone, and it never starts again. */
  isWiped: boolean;
  isPaused: boolean;
  /** Pauses so far: tells which one a resume ends. */
  pauses: number;
  /** What came while it was paused, in order. */
  readonly deferred: Item[];
  lastApplied: LogIndex;
  /** Write ids rise within a life. */
  lastWriteId: number;
  readonly reign: Reign;
  /** Bit per server that it has got a message from in this life. */
  senders: number;
  /** Its last step with sends was followed by this many without. */
  silentSteps: number;
}

/** A server that has never been up. */
export function newProcess(
  plan: Plan,
  node: NodeId,
  queue: EventQueue,
  opaque: OpaqueHosting | null,
): Process {
  const isDurable = plan.cluster.stateMachine === 'durable';
  const clock = new Clock(plan.clocks, node);
  return {
    node,
    clock,
    disk: new Disk(plan, node, queue, opaque),
    timers: new Timers(plan, node, clock, queue),
    snapshots: new SnapshotMaker(plan, node, queue),
    seedDraw: openStream(plan.seed, `server/${node}`),
    machineLog: isDurable ? new MachineLog(plan.seed, node) : null,
    server: null,
    stateMachine: null,
    boot: -1,
    isWiped: false,
    isPaused: false,
    pauses: 0,
    deferred: [],
    lastApplied: 0,
    lastWriteId: 0,
    reign: noReign(),
    senders: 0,
    silentSteps: 0,
  };
}
