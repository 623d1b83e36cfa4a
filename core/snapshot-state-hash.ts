/** The part of raft-state-hash.ts that is about snapshots. */
import { equalConfigurations } from './configuration.ts';
import { equalArrays } from './equal-arrays.ts';
import { mix, mixConfiguration, mixText } from './hash-mix.ts';
import type { InstallSnapshotResponse, Snapshot } from './messages.ts';
import type {
  IncomingSnapshot,
  Installer,
  SnapshotLabel,
  SnapshotState,
  SnapshotTransfer,
} from './snapshot-state.ts';

export function mixSnapshots(hash: number, state: SnapshotState): number {
  let mixed = mixLabel(hash, state.durable);
  for (const write of state.pendingWrites) {
    mixed = mixLabel(mix(mixed, write.id), write.snapshot);
  }
  mixed = mixLabel(mix(mixed, state.pendingWrites.length), state.taking);
  for (const request of state.requests) mixed = mixText(mix(mixed, request.index), request.id);
  mixed = mixIncoming(mix(mixed, state.requests.length), state.incoming);
  mixed = mixInstaller(mixed, state.installer);
  for (const transfer of state.transfers) mixed = mixTransfer(mixed, transfer);
  return mixed;
}

/** Of a snapshot, too, whose data index and term name. */
function mixLabel(hash: number, label: SnapshotLabel | null): number {
  if (label === null) return mix(hash, -1);
  const mixed = mixConfiguration(hash, label.configuration);
  return mix(mix(mixed, label.lastIncludedIndex), label.lastIncludedTerm);
}

function mixIncoming(hash: number, incoming: IncomingSnapshot | null): number {
  if (incoming === null) return mix(hash, -1);
  return mixText(mix(mixLabel(hash, incoming), incoming.term), incoming.data);
}

function mixInstaller(hash: number, installer: Installer | null): number {
  if (installer === null) return mix(hash, -1);
  return mixInstallAnswer(mix(hash, installer.leaderId), installer.answer);
}

export function mixInstallAnswer(hash: number, answer: InstallSnapshotResponse): number {
  const mixed = mix(mix(hash, answer.lastIncludedIndex), answer.nextOffset);
  return mix(mix(mixed, answer.term), Number(answer.done));
}

function mixTransfer(hash: number, transfer: SnapshotTransfer | null): number {
  if (transfer === null) return mix(hash, -1);
  return mix(mixLabel(hash, transfer.snapshot), transfer.offset);
}

export function equalSnapshotStates(a: SnapshotState, b: SnapshotState): boolean {
  return (
    equalOrNull(a.durable, b.durable, equalSnapshots) &&
    equalArrays(
      a.pendingWrites,
      b.pendingWrites,
      (left, right) => left.id === right.id && equalSnapshots(left.snapshot, right.snapshot),
    ) &&
    equalOrNull(a.taking, b.taking, equalLabels) &&
    equalArrays(
      a.requests,
      b.requests,
      (left, right) => left.id === right.id && left.index === right.index,
    ) &&
    equalOrNull(a.incoming, b.incoming, equalIncoming) &&
    equalOrNull(a.installer, b.installer, equalInstallers) &&
    equalArrays(a.transfers, b.transfers, (left, right) => equalOrNull(left, right, equalTransfers))
  );
}

function equalOrNull<Item>(
  a: Item | null,
  b: Item | null,
  isEqual: (left: Item, right: Item) => boolean,
): boolean {
  return a === null || b === null ? a === b : isEqual(a, b);
}

function equalLabels(a: SnapshotLabel, b: SnapshotLabel): boolean {
  return (
    a.lastIncludedIndex === b.lastIncludedIndex &&
    a.lastIncludedTerm === b.lastIncludedTerm &&
    equalConfigurations(a.configuration, b.configuration)
  );
}

function equalSnapshots(a: Snapshot, b: Snapshot): boolean {
  return a === b || (equalLabels(a, b) && a.data === b.data);
}

function equalIncoming(a: IncomingSnapshot, b: IncomingSnapshot): boolean {
  return a.term === b.term && a.data === b.data && equalLabels(a, b);
}

function equalInstallers(a: Installer, b: Installer): boolean {
  return a.leaderId === b.leaderId && equalInstallAnswers(a.answer, b.answer);
}

export function equalInstallAnswers(
  a: InstallSnapshotResponse,
  b: InstallSnapshotResponse,
): boolean {
  return (
    a.term === b.term &&
    a.lastIncludedIndex === b.lastIncludedIndex &&
    a.nextOffset === b.nextOffset &&
    a.done === b.done &&
    a.round === b.round
  );
}

function equalTransfers(a: SnapshotTransfer, b: SnapshotTransfer): boolean {
  return a.offset === b.offset && equalSnapshots(a.snapshot, b.snapshot);
}
