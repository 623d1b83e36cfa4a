/**
 * One server leads again and again. In between it is cut off with few friends, writes what nobody
 * else gets, and has to give it up; when it leads once more, some friend has not heard of that yet,
 * and old mail arrives. What a leader remembers of an earlier reign, and what others still say about
 * it, must not count (§5.3, Figure 2: volatile state on leaders).
 */
import type { NodeId } from '../../core/messages.ts';
import type { ClusterPlan, Fault, PhasesPlan } from '../kernel/plan.ts';
import { nodesOf } from './cluster.ts';
import { between, type Draw, drawOne, drawSome, logBetween, percent, weighted } from './draw.ts';
import { cut } from './partition.ts';

/** What the generator does when one server is to lead again and again. */
export const comebackKnobs = {
  elapse: 'Its election timer runs out every half to two and a half election timeouts.',
  friends: 'As many as are no majority with it.',
  block:
    'In its first one to four reigns, after 1 to 3 appends, for one to five election timeouts.',
  isolate: 'A friend stays away for up to six election timeouts more, in 4 of 10 cases.',
  stall: 'A friend writes nothing to disk for as long, in 3 of 10 cases.',
  exhume: 'When it leads again, 1 to 16 messages of earlier reigns come, in 8 of 10 cases.',
} as const;

/** Percent of the longest election timeout. */
const elapseGap = logBetween(50, 250);
const rounds = between(1, 4);
const appends = between(1, 3);
/** Percent of the longest election timeout. */
const cutLength = logBetween(100, 500);
const trouble = weighted<'isolate' | 'stall' | 'none'>(
  [40, 'isolate'],
  [30, 'stall'],
  [30, 'none'],
);
/** Percent of the longest election timeout. */
const awayLength = logBetween(50, 600);
const hasMail = percent(80);
const mailCount = logBetween(1, 16);
/** Percent of a heartbeat. */
const mailWithin = between(0, 100);

export function drawComebacks(
  draw: Draw,
  { size, config }: ClusterPlan,
  { chaosUs }: PhasesPlan,
): Fault[] {
  const nodes = nodesOf(size);
  const leader = drawOne(draw, nodes);
  const others = nodes.filter((node) => node !== leader);
  const friends = drawSome(draw, others, Math.max(0, Math.floor(size / 2) - 1));
  const timeoutUs = config.electionMsMax * 1_000;
  const faults: Fault[] = [];
  const gapUs = Math.floor(timeoutUs / 100) * draw(elapseGap);
  for (let atUs = Math.floor(gapUs / 2); atUs < chaosUs; atUs += gapUs) {
    faults.push({ when: { atUs }, what: { do: 'elapse', node: leader, timer: 'election' } });
  }
  const count = draw(rounds);
  for (let nth = 1; nth <= count; nth += 1) {
    const first = draw(appends);
    const cutUs = (timeoutUs / 100) * draw(cutLength);
    const awayUs = Math.floor(cutUs + (timeoutUs / 100) * draw(awayLength));
    const [friendly, isMail] = [draw(trouble), draw(hasMail)];
    const [messages, within] = [draw(mailCount), draw(mailWithin)];
    const friend = drawOne(draw, friends.length > 0 ? friends : others);
    faults.push(strand(leader, friends, { nth, count: first }, Math.floor(cutUs), size));
    if (friendly === 'isolate') {
      faults.push({
        when: { on: 'leader', node: leader, nth, count: first + 1 },
        what: { do: 'isolate', node: friend, direction: 'both', peers: 0, forUs: awayUs },
      });
    } else if (friendly === 'stall') {
      faults.push({
        when: { on: 'leader', node: leader, nth, count: first - 1 },
        what: { do: 'stall', node: friend, stream: null, forUs: awayUs },
      });
    }
    if (isMail) {
      const withinUs = config.heartbeatMs * 10 * within;
      faults.push({
        when: { on: 'leaderAgain', node: leader, nth, count: 0 },
        what: { do: 'exhume', node: leader, of: 'earlierReign', count: messages, withinUs },
      });
    }
  }
  return faults;
}

/** The leader and its friends hear nobody else, and nobody else hears them. */
function strand(
  leader: NodeId,
  friends: readonly NodeId[],
  { nth, count }: { readonly nth: number; readonly count: number },
  forUs: number,
  size: number,
): Fault {
  const group = [leader, ...friends];
  const rest = nodesOf(size).filter((node) => !group.includes(node));
  const links = cut(group, rest).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {
    when: { on: 'leader', node: leader, nth, count },
    what: { do: 'block', links, forUs },
  };
}
