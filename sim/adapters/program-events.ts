/** Events of the world, as they stand on the wire. */
import type {
  AdminEvent,
  AdminRequest,
  ClientRequest,
  MessageEvent,
  RequestEvent,
  StartEvent,
} from '../../core/contract.ts';
import { bodyOfProgram, imageOfProgram } from '../kernel/opaque.ts';
import type {
  ProgramAdminEvent,
  ProgramChange,
  ProgramEvent,
  ProgramMessageEvent,
  ProgramRequest,
  ProgramStartEvent,
} from '../protocol/events.ts';
import type { ProgramRun } from './program-run.ts';
import { serverName, wireId } from './program-words.ts';

export function startEvent(event: StartEvent, { capabilities }: ProgramRun): ProgramStartEvent {
  const { now, self, index, members, boot, seed, image, config } = event;
  const { durability, snapshots } = capabilities;
  const isDue = snapshots && config.snapshotEntries > 0;
  return {
    kind: 'start',
    now,
    self: serverName(self),
    index,
    members: members.map(serverName),
    boot,
    seed,
    durable: durability === 'none' ? null : imageOfProgram(image),
    config: {
      maxDriftPpm: config.clockDriftPpm,
      snapshotEvery: isDue ? config.snapshotEntries : null,
    },
  };
}

export function messageEvent({ now, from, body }: MessageEvent): ProgramMessageEvent {
  return { kind: 'message', now, from: serverName(from), body: bodyOfProgram(body) };
}

/** One event each, or all in one for those that take them so. */
export function requestEvents({ now, requests }: RequestEvent, run: ProgramRun): ProgramEvent[] {
  const handed = requests.map((request) => handedRequest(request, run));
  if (run.capabilities.requestBatches) return [{ kind: 'requests', now, requests: handed }];
  return handed.map(({ id, command, readOnly }) => {
    return { kind: 'request', now, id, command, readOnly };
  });
}

function handedRequest(request: ClientRequest, run: ProgramRun): ProgramRequest {
  const { id, command, readOnly } = request;
  const { clientId, seq } = command;
  const op = run.handRequest(request);
  return { id: wireId(id), command: { clientId: `c${clientId}`, seq, op }, readOnly };
}

export function adminEvent({ now, id, request }: AdminEvent, run: ProgramRun): ProgramAdminEvent {
  run.handAdmin(id);
  return { kind: 'admin', now, id, change: changeOf(request) };
}

function changeOf(request: AdminRequest): ProgramChange {
  switch (request.kind) {
    case 'takeSnapshot':
      return { takeSnapshot: true };
    case 'transferLeadership':
      return { transferTo: serverName(request.to) };
    case 'changeMembership': {
      const { voters, learners } = request;
      return { members: voters.map(serverName), learners: learners.map(serverName) };
    }
  }
}
