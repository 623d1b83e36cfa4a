/**
 * What a durable state machine lives on: the entries that were applied to it, so that the world can
 * build it again. A crash keeps some prefix of them, and never less than an earlier crash has kept.
 */
import type { Entry, LogIndex, NodeId } from '../../core/messages.ts';
import { decide, openStream, type Stream } from './random.ts';
import type { HostedStateMachine } from './state-machine.ts';

export class MachineLog {
  private readonly draw: Stream;
  private readonly indexes: LogIndex[] = [];
  private readonly entries: Entry[] = [];
  /** So many were on disk at the last crash. */
  private kept = 0;

  constructor(seed: string, node: NodeId) {
    this.draw = openStream(seed, `machine/${node}`);
  }

  note(index: LogIndex, entry: Entry): void {
    this.indexes.push(index);
    this.entries.push(entry);
  }

  /** Power is lost. One draw. */
  crash(): void {
    this.kept = decide(this.draw, this.kept, this.entries.length);
    this.indexes.length = this.kept;
    this.entries.length = this.kept;
  }

  /** Applies all of it to an empty state machine; returns the index that this one now stands at. */
  restore(machine: HostedStateMachine): LogIndex {
    this.entries.forEach(({ command, wallClock = 0 }, i) => {
      if (command !== null) machine.apply(command, this.indexes[i]!, wallClock);
    });
    return this.kept === 0 ? 0 : this.indexes[this.kept - 1]!;
  }
}
