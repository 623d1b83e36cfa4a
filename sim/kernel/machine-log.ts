/**
 * What a durable state machine lives on: what has changed it, so that the world can build it again.
 * A crash keeps some prefix of the changes, and never less than an earlier crash has kept, nor less
 * than the snapshot before the last one: what lies behind that is forgotten.
 */
import type { Entry, LogIndex, NodeId } from '../../core/messages.ts';
import { decide, openStream, type Stream } from './random.ts';
import type { HostedStateMachine } from './state-machine.ts';

/** The state machine as it was when it stood at `index`. */
interface Image {
  readonly index: LogIndex;
  readonly data: string;
}

export class MachineLog {
  private readonly draw: Stream;
  /** null: it began empty. */
  private base: Image | null = null;
  private readonly indexes: LogIndex[] = [];
  /** Text: all of it was replaced by this snapshot. */
  private readonly changes: (Entry | string)[] = [];
  /** So many were on disk at the last crash. */
  private kept = 0;
  /** The last snapshot, and how many changes it comes behind. */
  private last: Image | null = null;
  private lastPlace = 0;

  constructor(seed: string, node: NodeId) {
    this.draw = openStream(seed, `machine/${node}`);
  }

  note(index: LogIndex, entry: Entry): void {
    this.indexes.push(index);
    this.changes.push(entry);
  }

  /** The state machine became what this snapshot was taken of. */
  replace(index: LogIndex, data: string): void {
    this.indexes.push(index);
    this.changes.push(data);
    this.rememberSnapshot(index, data);
  }

  /** This is the state machine as it is now. */
  rememberSnapshot(index: LogIndex, data: string): void {
    if (this.last !== null) this.forgetUntil(this.last, this.lastPlace);
    this.last = { index, data };
    this.lastPlace = this.changes.length;
  }

  /** Power is lost. One draw. */
  crash(): void {
    this.kept = decide(this.draw, this.kept, this.changes.length);
    this.indexes.length = this.kept;
    this.changes.length = this.kept;
    if (this.lastPlace > this.kept) this.last = null;
  }

  /** Does all of it to an empty state machine; returns the index that this one now stands at. */
  restore(machine: HostedStateMachine): LogIndex {
    const { base, changes, indexes } = this;
    if (base !== null) machine.restore(base.data);
    changes.forEach((change, i) => {
      if (typeof change === 'string') machine.restore(change);
      else if (change.command !== null) {
        machine.apply(change.command, indexes[i]!, change.wallClock ?? 0);
      }
    });
    return indexes.at(-1) ?? base?.index ?? 0;
  }

  private forgetUntil(base: Image, place: number): void {
    this.base = base;
    this.indexes.splice(0, place);
    this.changes.splice(0, place);
    this.kept = Math.max(0, this.kept - place);
  }
}
