/**
 * A server was elected, or a write answered, on the word of another one that had not written what it
 * had heard: which message was that word? Told from who heard of what by which message, and from
 * writes; nobody looks into bodies.
 */
import type { NodeId } from '../../../core/messages.ts';
import { isStep, type StepRecord, type Trace } from '../../trace/format.ts';

export interface UnsafeVoice {
  /** The step in which it was sent, and by whom. */
  readonly step: number;
  readonly node: NodeId;
  readonly messageId: number;
  /** A write is on its way to the disk, and not there yet. */
  readonly hasWritten: boolean;
}

/** What a server has written since it has heard. */
interface Listener {
  hasHeard: boolean;
  readonly writes: { readonly id: number; readonly stream: string }[];
  isSafe: boolean;
}

const ELECTED = 'elected-before-durable-majority';
const ACKNOWLEDGED = 'acknowledged-before-durable-majority';

/** null where the run did not break one of these two rules, or nobody in particular did it. */
export function unsafeVoice({ header, records, end }: Trace): UnsafeVoice | null {
  const [violation] = end.violations;
  const { property } = violation ?? {};
  if (property !== ELECTED && property !== ACKNOWLEDGED) return null;
  const steps = records.filter(isStep);
  const last = steps[violation!.step - 1];
  if (last === undefined) return null;
  const origin =
    property === ELECTED ? candidacyOf(steps, last) : arrivalOf(steps, last, violation!.detail);
  if (origin === null) return null;
  const isImmediate = header.capabilities?.durability === 'immediate';
  const course = new Course(last, isImmediate);
  for (const step of steps.slice(origin.i - 1, last.i)) course.take(step, step === origin);
  const rivals = property === ELECTED ? rivalsOf(steps, last) : new Set<NodeId>();
  return course.verdict(rivals, Math.floor(header.plan.cluster.size / 2) + 1);
}

/** Who stood for the same term has voted for itself: what it sends is a refusal. */
function rivalsOf(steps: readonly StepRecord[], last: StepRecord): ReadonlySet<NodeId> {
  const term = claimedTerm(last);
  const rivals = steps.filter(({ n, i, actions }) => {
    const stands = actions.some(
      (item) => item.k === 'claimed' && item.role === 'candidate' && item.term === term,
    );
    return n !== last.n && i < last.i && stands;
  });
  return new Set(rivals.map(({ n }) => n));
}

function claimedTerm({ actions }: StepRecord): number | null {
  const claim = actions.find((item) => item.k === 'claimed' && item.role === 'leader');
  return claim?.k === 'claimed' ? claim.term : null;
}

/** Where it said that it stands in the term that it leads. */
function candidacyOf(steps: readonly StepRecord[], last: StepRecord): StepRecord | null {
  const term = claimedTerm(last);
  if (term === null) return null;
  const stands = (step: StepRecord): boolean =>
    step.n === last.n &&
    step.i <= last.i &&
    step.actions.some(
      (item) => item.k === 'claimed' && item.role === 'candidate' && item.term === term,
    );
  return steps.findLast(stands) ?? null;
}

/** Where the command arrived that it answers. */
function arrivalOf(
  steps: readonly StepRecord[],
  last: StepRecord,
  detail: string,
): StepRecord | null {
  const answered = last.actions.flatMap((item) =>
    item.k === 'responded' && item.outcome === 'ok' ? [item.requestId] : [],
  );
  const named = answered.find((id) => detail.includes(` c${id.replace(/\/.*/, '')};`));
  const brings = (step: StepRecord): boolean =>
    step.k === 'requested' && step.requests.some(({ id }) => id === named);
  return steps.find(brings) ?? null;
}

class Course {
  private readonly last: StepRecord;
  private readonly isImmediate: boolean;
  private readonly listeners: Listener[] = [];
  /** Messages by which one can have heard. */
  private readonly news = new Set<number>();
  /** By message: what was said to the server in question, and with what on the disk. */
  private readonly said = new Map<number, UnsafeVoice & { readonly isSafe: boolean }>();
  private readonly arrived: (UnsafeVoice & { readonly isSafe: boolean })[] = [];

  constructor(last: StepRecord, isImmediate: boolean) {
    this.last = last;
    this.isImmediate = isImmediate;
  }

  take(step: StepRecord, isOrigin: boolean): void {
    const listener = this.listenerOf(step.n);
    if (step.k === 'started') this.forget(listener);
    if (isOrigin || (step.k === 'delivered' && this.news.has(step.messageId))) {
      listener.hasHeard = true;
    }
    if (step.k === 'delivered' && step.n === this.last.n) {
      const voice = this.said.get(step.messageId);
      if (voice !== undefined) this.arrived.push(voice);
    }
    if (step.k === 'persisted') this.complete(listener, step.writeId);
    for (const item of step.actions) {
      if (!listener.hasHeard) continue;
      if (item.k === 'persistIssued') {
        listener.writes.push({ id: item.writeId, stream: item.stream });
        if (this.isImmediate) listener.isSafe = true;
      } else if (item.k === 'sent') this.say(step, listener, item.to, item.messageId);
    }
  }

  /**
   * The word that tipped it; else one of those that were all needed. Others may have said no, for
   * which nothing has to be written.
   */
  verdict(rivals: ReadonlySet<NodeId>, majority: number): UnsafeVoice | null {
    const backed = new Set(this.arrived.filter(({ isSafe }) => isSafe).map(({ node }) => node));
    const unsafe = this.arrived.filter(({ node }) => !backed.has(node) && !rivals.has(node));
    const { last } = this;
    const tipping = unsafe.find(({ messageId }) => {
      return last.k === 'delivered' && messageId === last.messageId;
    });
    if (tipping !== undefined) return tipping;
    const speakers = new Set(unsafe.map(({ node }) => node)).size;
    return 1 + backed.size + speakers === majority ? (unsafe[0] ?? null) : null;
  }

  private say(step: StepRecord, listener: Listener, to: NodeId, messageId: number): void {
    this.news.add(messageId);
    if (to !== this.last.n || step.n === to) return;
    const { writes, isSafe } = listener;
    const hasWritten = writes.length > 0;
    this.said.set(messageId, { step: step.i, node: step.n, messageId, hasWritten, isSafe });
  }

  /** This write is safe, and those before it in its stream. */
  private complete(listener: Listener, writeId: number): void {
    const stream = listener.writes.find(({ id }) => id === writeId)?.stream;
    if (stream !== undefined) listener.isSafe = true;
  }

  /** Memory is gone; what is safe is still known. */
  private forget(listener: Listener): void {
    listener.writes.length = 0;
    listener.hasHeard = listener.isSafe;
  }

  private listenerOf(node: NodeId): Listener {
    this.listeners[node] ??= { hasHeard: false, writes: [], isSafe: false };
    return this.listeners[node];
  }
}
