/** What changes of the configuration are like: counters for situations, no verdict. */
import type { Outcome } from '../../core/contract.ts';
import type { LogIndex, NodeId } from '../../core/messages.ts';
import type { AskedOfServer } from '../ledgers/administration.ts';
import type { EraId } from '../ledgers/eras.ts';
import type { Ledgers } from '../ledgers/ledgers.ts';
import type { LogId } from '../ledgers/log-ledger.ts';
import { reigns, type ServerView } from '../ledgers/server-view.ts';
import { MembershipHappened } from '../membership-situations.ts';

/** A leader has made the entry `id`, which holds a configuration. */
export function countConfiguration(ledgers: Ledgers, server: ServerView, id: LogId): void {
  const { log, configurations, leaders, situations } = ledgers;
  const { eras } = log;
  const before = eras.previousOf(log.eraOf(id));
  const old = eras.configurationOf(before);
  const made = log.configurationOf(id);
  if (configurations.isJoint(made)) situations.count(MembershipHappened.jointEntered);
  else if (configurations.isJoint(old)) {
    situations.count(MembershipHappened.jointLeft);
    const entered = leaders.nodeOf(log.termOf(eras.firstOf(before)));
    if (entered !== server.node) situations.count(MembershipHappened.jointLeftByOther);
  }
  const promoted = configurations.learnersOf(old) & configurations.votersOf(made);
  if (promoted !== 0) situations.count(MembershipHappened.learnerPromoted);
}

/** Entries from `index` on are about to be dropped. */
export function countRolledBack(
  { log, situations }: Ledgers,
  server: ServerView,
  at: LogIndex,
): void {
  const { issued } = server;
  if (log.eras.firstIndexOf(log.eraOf(issued.tip)) >= at) {
    situations.count(MembershipHappened.rolledBack);
  }
}

/** A server of this log was elected. */
export function countElectedUnder(ledgers: Ledgers, server: ServerView, tip: LogId): void {
  const { log, configurations, situations, servers } = ledgers;
  const { eras } = log;
  const era = log.eraOf(tip);
  if (configurations.isJoint(eras.configurationOf(era))) {
    situations.count(MembershipHappened.electedWhileJoint);
  }
  for (const other of servers) {
    const later = log.eraOf(other.issued.tip);
    if (other === server || later === era || eras.previousOf(later) !== era) continue;
    situations.count(MembershipHappened.electedByOlder);
    return;
  }
}

/** A candidate takes up a later term, and never led this one. */
export function countHalfWon(ledgers: Ledgers, server: ServerView): void {
  const { log, configurations, votes, situations, size } = ledgers;
  const voters = votes.votersFor(server.issuedTerm, server.node, size);
  if (configurations.isOneHalf(log.configurationOf(server.issued.tip), voters)) {
    situations.count(MembershipHappened.halfWon);
  }
}

/** A server stands for election. */
export function countStanding(ledgers: Ledgers, node: NodeId): void {
  const { configurations, situations, configurationNow } = ledgers;
  if ((configurations.membersOf(configurationNow) & (1 << node)) === 0) {
    situations.count(MembershipHappened.removedStood);
  }
}

/** A vote is granted. */
export function countVoter(ledgers: Ledgers, voter: ServerView, candidate: NodeId): void {
  const { log, configurations, situations } = ledgers;
  const votesIn = ({ issued }: ServerView): boolean => {
    return (configurations.votersOf(log.configurationOf(issued.tip)) & (1 << voter.node)) !== 0;
  };
  if (!votesIn(voter) && votesIn(ledgers.server(candidate))) {
    situations.count(MembershipHappened.unawareVoted);
  }
}

/** A leader whose log has come to `era` commits its log `id`. */
export function countCommitUnder(
  ledgers: Ledgers,
  server: ServerView,
  id: LogId,
  era: EraId,
): void {
  const { log, configurations, situations } = ledgers;
  const configuration = log.eras.configurationOf(era);
  if (configurations.isJoint(configuration))
    situations.count(MembershipHappened.committedWhileJoint);
  if ((configurations.votersOf(configuration) & (1 << server.node)) === 0) {
    situations.count(MembershipHappened.leftOutCommits);
  }
  if (log.payloadOf(id) < 0) countReplaced(ledgers, id);
}

/** A configuration is committed: who went, and who came? */
function countReplaced({ log, configurations, situations, servers }: Ledgers, id: LogId): void {
  const { eras } = log;
  let before = eras.previousOf(log.eraOf(id));
  // What came and went is between C_old and C_new.
  if (configurations.isJoint(eras.configurationOf(before))) before = eras.previousOf(before);
  const now = configurations.votersOf(log.configurationOf(id));
  const old = configurations.votersOf(eras.configurationOf(before));
  const isWipedGone = servers.some(({ node, isWiped }) => {
    return isWiped && (old & ~now & (1 << node)) !== 0;
  });
  if (isWipedGone && (now & ~old) !== 0) situations.count(MembershipHappened.wipedReplaced);
}

/** A change is asked for: is another one, anywhere? */
export function countAsked({ administration, servers, situations }: Ledgers): void {
  const open = servers.filter(({ isUp, node, boot }) => {
    return isUp && administration.open(node, boot).some(isChange);
  });
  if (open.length > 0) situations.count(MembershipHappened.twoOperators);
}

/** A leader refuses a change: why? */
export function countRefusedChange(
  ledgers: Ledgers,
  server: ServerView,
  asked: AskedOfServer,
  outcome: Outcome,
): void {
  if (outcome !== 'rejected' || !reigns(server)) return;
  const { log, commits, situations, administration } = ledgers;
  const others = administration.open(server.node, server.boot).filter(isChange);
  const first = log.eras.firstIndexOf(log.eraOf(server.issued.tip));
  if (others.some((other) => other !== asked) || first > commits.last) {
    situations.count(MembershipHappened.changeUnderWay);
  } else if (log.termOf(commits.idAt(commits.last)) < server.reignTerm) {
    situations.count(MembershipHappened.changeTooEarly);
  }
}

function isChange({ request }: AskedOfServer): boolean {
  return request.kind === 'changeMembership';
}
