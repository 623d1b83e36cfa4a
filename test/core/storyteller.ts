/**
 * The commands of a transcript, and how actions read:
 *
 *   disk 1 term 3 log 1 1 2    what S1's disk holds before boot (`log` last)
 *   boot 3 [batch 2] [inflight 1] [backtracking decrement] [group on] [apply 2] [commits on]
 *          [machine durable]   group commit, entries applied at once, commit index on disk
 *          [snapshots 2] [trailing 1] [chunk 5]   entries between snapshots, and kept behind one
 *          [spares 2] [membership singleServer]   servers behind S3; one voter at a time
 *   timeout 1 | heartbeat 1 | apply 1   a timer of S1 runs out
 *   request 1 put x 1          a client asks S1; `request 1 put x 1; get x` asks twice at once
 *   change 1 voters 1 2 4 [learners 3]   an operator asks S1 for this configuration
 *   persist 1                  S1's oldest unfinished write is safe; `persist 1 all`: all of them;
 *                              `persist 1 snapshot`: the oldest of that stream
 *   snapshot 1                 the host delivers the snapshot that S1 has asked for
 *   deliver 1 2                the oldest message from S1 to S2 arrives; `drop 1 2`: it is lost
 *   again 1 2                  the message from S1 to S2 that was delivered last arrives once more
 *   drop all                   all messages in flight are lost
 *   settle [1 2 3]             writes and messages among these, until all is quiet; others' are lost
 *   crash 1 [2 [1]]            memory and unfinished writes are gone, but for the first 2, and
 *                              of a durable state machine the newest 1
 *   fail 1                     the unfinished writes of S1 fail
 *   start 1                    S1 comes back
 *   wait 300                   so many ms pass on all clocks
 *   network | show             what is in flight; what everybody holds
 */
import type { ServerConfig } from '../../core/contract.ts';
import type {
  Configuration,
  Entry,
  InstallSnapshot,
  Message,
  NodeId,
} from '../../core/messages.ts';
import { Cluster, type Image, imageOf } from './cluster.ts';
import type { Action } from './recording-outbox.ts';

export class Storyteller {
  #images: Record<number, Image> = {};
  #cluster: Cluster | null = null;

  /** Carries out one command; what came of it, line by line. */
  tell(command: string): string[] {
    const [verb, ...words] = command.split(' ');
    if (verb === 'disk') return this.#disk(words);
    if (verb === 'boot') return this.#boot(words);
    const cluster = this.#cluster!;
    if (verb === 'network')
      return cluster.network.map(({ from, to, body }) => told(from, to, body));
    if (verb === 'show') return cluster.servers.flatMap((node) => showServer(cluster, node));
    this.#act(verb!, words, command);
    if (verb === 'crash' || verb === 'drop' || verb === 'wait') return [];
    const lines = describeAll(cluster.takeStory());
    return lines.length === 0 ? ['(nothing)'] : lines;
  }

  #disk([node, , term, , ...terms]: string[]): string[] {
    this.#images[Number(node)] = imageOf(Number(term), terms.map(Number));
    return [];
  }

  #boot([size, ...options]: string[]): string[] {
    const config: Partial<Record<keyof ServerConfig, unknown>> = {};
    const names: Readonly<Record<string, keyof ServerConfig>> = {
      batch: 'batchEntriesMax',
      inflight: 'inflightMax',
      backtracking: 'backtracking',
      group: 'groupCommit',
      apply: 'applyBatchMax',
      commits: 'persistCommitIndex',
      membership: 'membership',
      snapshots: 'snapshotEntries',
      trailing: 'trailingEntries',
      chunk: 'snapshotChunkMax',
    };
    for (let at = 0; at < options.length; at += 2) {
      const name = names[options[at]!];
      const value = options[at + 1]!;
      const number = Number.isNaN(Number(value)) ? value : Number(value);
      if (name !== undefined) config[name] = value === 'on' ? true : number;
    }
    this.#cluster = new Cluster(Number(size), {
      images: this.#images,
      config: config as Partial<ServerConfig>,
      spares: Number(options[options.indexOf('spares') + 1]) || 0,
      isStateMachineDurable: options.join(' ').includes('machine durable'),
    });
    this.#cluster.takeStory();
    return this.#cluster.servers.flatMap((node) => showServer(this.#cluster!, node));
  }

  #act(verb: string, words: string[], command: string): void {
    const cluster = this.#cluster!;
    const [first, second, third] = words.map(Number);
    if (verb === 'timeout') cluster.timeout(first!);
    else if (verb === 'heartbeat') cluster.timeout(first!, 'heartbeat');
    else if (verb === 'apply') cluster.timeout(first!, 'apply');
    else if (verb === 'request') cluster.request(first!, ...words.slice(1).join(' ').split('; '));
    else if (verb === 'change') change(cluster, first!, words);
    else if (verb === 'persist' && words[1] === 'all') cluster.persistAll(first!);
    else if (verb === 'persist') persistOldest(cluster, first!, words[1]);
    else if (verb === 'snapshot') cluster.deliverSnapshot(first!);
    else if (verb === 'deliver') cluster.deliver(first!, second!);
    else if (verb === 'again') cluster.deliverAgain(first!, second!);
    else if (verb === 'drop' && words[0] === 'all') cluster.dropAll();
    else if (verb === 'drop') cluster.drop(first!, second!);
    else if (verb === 'settle') cluster.settle(words.length === 0 ? undefined : words.map(Number));
    else if (verb === 'crash') cluster.crash(first!, second ?? 0, third ?? 0);
    else if (verb === 'fail') cluster.fail(first!, 'no space left on device');
    else if (verb === 'wait') cluster.now += first!;
    else if (verb === 'start') cluster.start(first!);
    else throw new Error(`no such command: ${command}`);
  }
}

/** `words`: the server, `voters` and who they are, perhaps `learners` and who they are. */
function change(cluster: Cluster, node: NodeId, words: readonly string[]): void {
  const at = words.indexOf('learners');
  const end = at < 0 ? words.length : at;
  cluster.change(node, words.slice(2, end).map(Number), words.slice(end + 1).map(Number));
}

/** Of one stream, if it is named. */
function persistOldest(cluster: Cluster, node: NodeId, stream: string | undefined): void {
  const writes = cluster.pendingWrites(node);
  const write = writes.find((pending) => stream === undefined || pending.stream === stream)!;
  cluster.persist(node, write.id);
}

function showServer(cluster: Cluster, node: NodeId): string[] {
  if (!cluster.isUp(node)) return [`S${node} is down`];
  const { role, currentTerm, votedFor, commitIndex, log } = cluster.state(node);
  const terms = cluster.terms(node);
  const committed = terms.slice(0, commitIndex - log.baseIndex).join(' ');
  const rest = terms.slice(commitIndex - log.baseIndex).join(' ');
  const behind = log.baseIndex === 0 ? '' : `behind ${log.baseIndex}: `;
  const shownLog = log.lastIndex === 0 ? 'empty' : `${behind}${committed} | ${rest}`.trim();
  const vote = votedFor === 0 ? 'no vote' : `vote S${votedFor}`;
  const inForce = configurationText(cluster.state(node).configuration);
  const isBootstrap = ['{}', `{${cluster.members.join(' ')}}`].includes(inForce);
  const changed = isBootstrap ? '' : `, ${inForce}`;
  const shown = `S${node} ${role.padEnd(9)} term ${currentTerm} ${vote.padEnd(7)} log ${shownLog}`;
  return [shown + changed];
}

/** Of three and more entries in a row that a server applies, only the first and the last index. */
function describeAll(story: readonly { node: NodeId; action: Action }[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < story.length; at += 1) {
    const { node, action } = story[at]!;
    let end = at;
    while (story[end]?.node === node && story[end]?.action.kind === 'apply') end += 1;
    if (action.kind === 'apply' && end - at >= 3) {
      lines.push(`S${node} applies ${action.index} to ${action.index + end - at - 1}`);
      at = end - 1;
    } else lines.push(...describe(node, action));
  }
  return lines;
}

/** One line for each action but the timers. */
function describe(node: NodeId, action: Action): string[] {
  const self = `S${node}`;
  switch (action.kind) {
    case 'send':
      return [told(node, action.to, action.body)];
    case 'persist':
      return [`${self} writes ${writeText(action)}`];
    case 'apply':
      return [`${self} applies ${action.index}: ${entryText(action.entry)}`];
    case 'takeSnapshot':
      return [`${self} asks for a snapshot through ${action.index}`];
    case 'restore':
      return [`${self} restores a snapshot through ${action.index}`];
    case 'respond':
      return [`${self} answers ${action.id}: ${action.outcome}${hintText(action)}`];
    case 'claim':
      return [`${self} is ${action.role} in term ${action.term}`];
    case 'halt':
      return [`${self} halts: ${action.reason}`];
    default:
      return [];
  }
}

function hintText({ outcome, hint }: Extract<Action, { kind: 'respond' }>): string {
  if (outcome !== 'redirect') return '';
  return hint === 0 ? ' (to whom it does not know)' : ` to S${hint}`;
}

function writeText({ write }: Extract<Action, { kind: 'persist' }>): string {
  switch (write.kind) {
    case 'hardState': {
      const vote = write.votedFor === 0 ? '-' : `S${write.votedFor}`;
      const committed = write.commitIndex === 0 ? '' : ` committed ${write.commitIndex}`;
      return `term ${write.currentTerm} vote ${vote}${committed}`;
    }
    case 'append':
      return entriesText(write.entries);
    case 'truncateFrom':
      return `that ${write.index} and what follows is gone`;
    case 'overwrite':
      return `over ${write.index} ${entriesText(write.entries)}`;
    case 'compactTo':
      return `that the log begins behind ${write.index}`;
    case 'snapshot':
      return `a snapshot through ${write.snapshot.lastIncludedIndex}`;
  }
}

/** As the paper has it: {1 2 3}, {1 2 3}>{3 4 5} for C_old,new, with learners behind a plus. */
function configurationText({ voters, newVoters, learners }: Configuration): string {
  const sides = [voters, ...(newVoters === null ? [] : [newVoters])];
  const shown = sides.map((side) => `{${side.join(' ')}}`).join('>');
  return learners.length === 0 ? shown : `${shown} + ${learners.join(' ')}`;
}

function entryText({ term, command, configuration }: Entry): string {
  if (configuration !== undefined) return configurationText(configuration);
  return command === null ? `no-op of term ${term}` : command.op;
}

function entriesText(entries: readonly Entry[]): string {
  const terms = entries.map(({ term }) => term).join(' ');
  if (entries.length === 0) return 'no entries';
  const configurations = entries.flatMap(({ configuration }) => configuration ?? []);
  if (configurations.length > 0) {
    const shown = configurations.map(configurationText).join(' and ');
    const others = entries.length - configurations.length;
    return others === 0 ? shown : `${others} and ${shown}`;
  }
  return entries.length === 1 ? `an entry of term ${terms}` : `entries of terms ${terms}`;
}

function told(from: NodeId, to: NodeId, body: Message): string {
  return `S${from} -> S${to} ${body.kind} term ${body.term}, ${bodyText(body)}`;
}

function chunkText({ offset, data, done }: InstallSnapshot): string {
  return `from ${offset} to ${offset + data.length}${done ? ', the end' : ''}`;
}

function bodyText(body: Message): string {
  switch (body.kind) {
    case 'RequestVote':
      return `log ends with ${body.lastLogIndex} of term ${body.lastLogTerm}`;
    case 'RequestVoteResponse':
      return body.voteGranted ? 'granted' : 'refused';
    case 'AppendEntries': {
      const prev = `after ${body.prevLogIndex} of term ${body.prevLogTerm}`;
      return `${entriesText(body.entries)} ${prev}, committed ${body.leaderCommit}`;
    }
    case 'AppendEntriesResponse':
      if (body.success) return `agrees through ${body.matchIndex}`;
      if (body.conflictIndex === 0) return 'refused';
      if (body.conflictTerm === 0) return `refused: my log ends before ${body.conflictIndex}`;
      return `refused: I have term ${body.conflictTerm} there, from ${body.conflictIndex} on`;
    case 'InstallSnapshot':
      return `snapshot through ${body.lastIncludedIndex}, ${chunkText(body)}`;
    case 'InstallSnapshotResponse':
      return body.done ? `has ${body.lastIncludedIndex}` : `wants from ${body.nextOffset}`;
    case 'TimeoutNow':
      return 'stand for election';
  }
}
