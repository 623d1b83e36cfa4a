#!/usr/bin/env python3
"""Raft as in Figure 2 of the extended paper, with snapshots (section 7), for the Whitewater bench.

Elections, replication, commit, restarts, and logs that are cut behind snapshots. Reads go through
the log like writes. What Figure 2 wants on stable storage before an answer leaves is written with
`persist`, and the answer waits in `reply`.
"""
import whitewater

ELECTION_MS = (150, 300)
HEARTBEAT_MS = 50
BATCH = 64  # at most so many entries in one AppendEntries


class Raft(whitewater.Server):
    capabilities = {
        "durability": "explicit",
        "claims": True,
        "snapshots": True,
        "electionMs": list(ELECTION_MS),
        "heartbeatMs": HEARTBEAT_MS,
    }

    def start(self, durable):
        # Persistent state (Figure 2), as it was on disk. An entry is [term, op]; op None: a no-op.
        values = durable["values"]
        state = values.get("state", {"term": 0, "votedFor": None})
        self.current_term = state["term"]
        self.voted_for = state["votedFor"]
        self.snapshot = values.get("snapshot", {"index": 0, "term": 0, "ref": None})
        self.first_index = durable["first_index"]  # of the entry at the beginning of self.log
        self.log = durable["entries"]
        # Volatile state.
        self.role = "follower"
        self.leader = None
        self.votes = set()
        self.next_index = {}
        self.match_index = {}
        self.clients = {}  # index of the log -> id of the request that waits for it
        self.taking = None  # index of the snapshot that was asked for
        self.operators = []  # requests of operators that wait for a snapshot
        if self.snapshot["ref"] is not None:
            self.restore(self.snapshot["index"], self.snapshot["ref"])
        self.cut_log()  # the crash may have come between the snapshot and the cut
        self.commit_index = self.last_applied = self.snapshot["index"]
        self.set_timer("election", *ELECTION_MS)

    # -- the log -------------------------------------------------------------------------------------

    def last_index(self):
        return self.first_index + len(self.log) - 1

    def term_at(self, index):
        """The term of the entry at this index; None where the log does not reach."""
        if index == self.snapshot["index"]:
            return self.snapshot["term"]
        if self.first_index <= index <= self.last_index():
            return self.log[index - self.first_index][0]
        return None

    def entries_from(self, index):
        return self.log[index - self.first_index :][:BATCH]

    def append(self, entries):
        self.log.extend(entries)
        self.persist(append=entries)

    def truncate_from(self, index):
        del self.log[index - self.first_index :]
        self.persist(truncateFrom=index)

    # -- terms and roles -----------------------------------------------------------------------------

    def enter_term(self, term, voted_for=None):
        self.current_term = term
        self.vote_for(voted_for)

    def vote_for(self, candidate):
        self.voted_for = candidate
        self.persist(put={"state": {"term": self.current_term, "votedFor": candidate}})

    def reply(self, to, body):
        """Sends it when all that was written so far is on disk, unless the term is over by then."""
        term = self.current_term

        def send():
            if self.current_term == term:
                self.send(to, body)

        self.when_durable(send)

    def become_follower(self, leader):
        if self.role != "follower":
            self.claim("follower", self.current_term)
        if self.role == "leader":
            self.cancel_timer("heartbeat")
            self.set_timer("election", *ELECTION_MS)
        for id in self.clients.values():
            self.respond(id, "unknown")
        self.clients = {}
        self.role = "follower"
        self.leader = leader

    def become_candidate(self):
        """Rules for Servers, Candidates: the vote for oneself counts once it is on disk."""
        self.role = "candidate"
        self.leader = None
        self.votes = set()
        self.enter_term(self.current_term + 1, voted_for=self.me)
        self.claim("candidate", self.current_term)
        self.set_timer("election", *ELECTION_MS)
        term = self.current_term

        def ask_for_votes():
            if self.role != "candidate" or self.current_term != term:
                return
            last = self.last_index()
            ask = {"type": "RequestVote", "term": term, "lastLogIndex": last,
                   "lastLogTerm": self.term_at(last)}
            for peer in self.peers:
                self.send(peer, ask)
            self.count_vote(self.me)

        self.when_durable(ask_for_votes)

    def count_vote(self, voter):
        self.votes.add(voter)
        if len(self.votes) > len(self.members) // 2:
            self.become_leader()

    def become_leader(self):
        self.role = "leader"
        self.leader = self.me
        self.claim("leader", self.current_term)
        self.cancel_timer("election")
        self.next_index = {peer: self.last_index() + 1 for peer in self.peers}
        self.match_index = {member: 0 for member in self.members}
        self.append_as_leader(None)  # section 8: a leader commits a no-op first
        self.heartbeat()

    # -- timers --------------------------------------------------------------------------------------

    def timer(self, name):
        if name == "election" and self.role != "leader" and self.me in self.members:
            self.become_candidate()
        elif name == "heartbeat" and self.role == "leader":
            self.heartbeat()

    def heartbeat(self):
        """What was sent and is not acknowledged may be lost: it is sent again."""
        self.set_timer("heartbeat", HEARTBEAT_MS)
        for peer in self.peers:
            if self.match_index[peer] > 0:
                self.next_index[peer] = self.match_index[peer] + 1
            self.replicate(peer)

    # -- messages ------------------------------------------------------------------------------------

    def message(self, sender, body):
        if body["term"] > self.current_term:  # Rules for Servers, All Servers
            self.enter_term(body["term"])
            self.become_follower(None)
        getattr(self, "on_" + body["type"])(sender, body)

    def on_RequestVote(self, candidate, body):
        last = self.last_index()
        up_to_date = (body["lastLogTerm"], body["lastLogIndex"]) >= (self.term_at(last), last)  # 5.4.1
        granted = (body["term"] == self.current_term and self.voted_for in (None, candidate)
                   and up_to_date)
        if granted:
            if self.voted_for is None:
                self.vote_for(candidate)
            self.set_timer("election", *ELECTION_MS)
        self.reply(candidate, {"type": "Vote", "term": self.current_term, "granted": granted})

    def on_Vote(self, voter, body):
        if self.role == "candidate" and body["term"] == self.current_term and body["granted"]:
            self.count_vote(voter)

    def on_AppendEntries(self, leader, body):
        if not self.follow(leader, body["term"]):
            return
        prev, entries = body["prevLogIndex"], body["entries"]
        if prev < self.snapshot["index"]:  # the snapshot holds these: they are committed
            entries = entries[self.snapshot["index"] - prev :]
            prev = self.snapshot["index"]
        elif self.term_at(prev) != body["prevLogTerm"]:
            self.reply(leader, {"type": "Appended", "term": self.current_term, "success": False,
                                "next": self.first_of_conflict(prev)})
            return
        for place, entry in enumerate(entries):
            index = prev + 1 + place
            if self.term_at(index) != entry[0]:
                if index <= self.last_index():  # a conflict: this entry and all behind it go
                    self.truncate_from(index)
                self.append(entries[place:])
                break
        match = prev + len(entries)
        self.commit_to(min(body["leaderCommit"], match))
        self.reply(leader, {"type": "Appended", "term": self.current_term, "success": True,
                            "match": match})

    def follow(self, leader, term):
        """False for a leader of the past, which is told so."""
        if term < self.current_term:
            self.reply(leader, {"type": "Appended", "term": self.current_term, "success": False,
                                "next": 0})
            return False
        if self.role != "follower" or self.leader != leader:
            self.become_follower(leader)
        self.set_timer("election", *ELECTION_MS)
        return True

    def first_of_conflict(self, prev):
        """Where the leader should try next: it passes over a whole term at once (end of 5.3)."""
        index = min(prev, self.last_index() + 1)
        term = self.term_at(index)
        while term is not None and index > self.commit_index + 1 and self.term_at(index - 1) == term:
            index -= 1
        return max(index, self.commit_index + 1)

    def on_Appended(self, follower, body):
        if self.role != "leader" or body["term"] != self.current_term:
            return
        if body["success"]:
            self.matched(follower, body["match"])
            self.next_index[follower] = max(self.next_index[follower], body["match"] + 1)
            if self.next_index[follower] <= self.last_index():
                self.replicate(follower)
        elif body["next"] < self.next_index[follower]:  # else it answers an older question
            self.next_index[follower] = max(self.match_index[follower] + 1, body["next"])
            self.replicate(follower)

    # -- replication and commit ----------------------------------------------------------------------

    def append_as_leader(self, op):
        """Its own log counts like that of any other server: when it is on disk."""
        self.append([[self.current_term, op]])
        term, index = self.current_term, self.last_index()

        def safe():
            if self.role == "leader" and self.current_term == term:
                self.matched(self.me, index)

        self.when_durable(safe)
        return index

    def replicate(self, peer):
        prev = self.next_index[peer] - 1
        if prev < self.snapshot["index"]:
            self.next_index[peer] = self.snapshot["index"] + 1
            self.send(peer, {"type": "InstallSnapshot", "term": self.current_term,
                             "snapshot": self.snapshot})
            return
        entries = self.entries_from(prev + 1)
        self.next_index[peer] = prev + 1 + len(entries)
        self.send(peer, {"type": "AppendEntries", "term": self.current_term, "prevLogIndex": prev,
                         "prevLogTerm": self.term_at(prev), "entries": entries,
                         "leaderCommit": self.commit_index})

    def matched(self, member, index):
        self.match_index[member] = max(self.match_index[member], index)
        ranked = sorted(self.match_index.values(), reverse=True)
        agreed = ranked[len(self.members) // 2]  # a majority has at least this
        if agreed > self.commit_index and self.term_at(agreed) == self.current_term:  # 5.4.2
            self.commit_to(agreed)

    def commit_to(self, index):
        self.commit_index = max(self.commit_index, index)
        while self.last_applied < self.commit_index:
            self.last_applied += 1
            term, op = self.log[self.last_applied - self.first_index]
            if op is not None:
                self.apply(op, self.last_applied)
            if self.last_applied in self.clients:
                self.respond(self.clients.pop(self.last_applied), "ok")
        every = self.config["snapshotEvery"]
        if every is not None and self.last_applied - self.snapshot["index"] >= every:
            self.begin_snapshot()

    def request(self, id, op, read_only):
        if self.role != "leader":
            self.respond(id, "redirect", hint=self.leader)
            return
        self.clients[self.append_as_leader(op)] = id
        for peer in self.peers:
            self.replicate(peer)

    # -- snapshots (section 7) -----------------------------------------------------------------------

    def begin_snapshot(self):
        if self.taking is None and self.last_applied > self.snapshot["index"]:
            self.taking = self.last_applied
            self.take_snapshot(self.last_applied)

    def snapshot_taken(self, index, ref):
        self.taking = None
        if index > self.snapshot["index"]:  # else a newer one of the leader came in between
            self.adopt_snapshot({"index": index, "term": self.term_at(index), "ref": ref})
        self.answer_operators()

    def adopt_snapshot(self, snapshot):
        """The snapshot first, then the cut: a crash between the two loses nothing."""
        self.snapshot = snapshot
        self.persist(put={"snapshot": snapshot})
        self.cut_log()

    def cut_log(self):
        """Entries that the snapshot stands for go, and a log that does not agree with it goes whole."""
        index = self.snapshot["index"]
        if index < self.first_index:
            return
        place = index - self.first_index
        agrees = place < len(self.log) and self.log[place][0] == self.snapshot["term"]
        if self.log and not agrees:
            self.truncate_from(self.first_index)
        del self.log[: place + 1]
        self.first_index = index + 1
        self.persist(compactTo=index)

    def on_InstallSnapshot(self, leader, body):
        if not self.follow(leader, body["term"]):
            return
        snapshot = body["snapshot"]
        if snapshot["index"] > self.commit_index:
            self.adopt_snapshot(snapshot)
            self.restore(snapshot["index"], snapshot["ref"])
            self.commit_index = self.last_applied = snapshot["index"]
        self.reply(leader, {"type": "Appended", "term": self.current_term, "success": True,
                            "match": snapshot["index"]})

    # -- operators -----------------------------------------------------------------------------------

    def admin(self, id, change):
        if "takeSnapshot" not in change:
            self.respond(id, "rejected")
            return
        self.operators.append(id)
        self.begin_snapshot()
        if self.taking is None:  # the snapshot that there is holds all
            self.answer_operators()

    def answer_operators(self):
        ids, self.operators = self.operators, []
        self.when_durable(lambda: [self.respond(id, "ok") for id in ids])


if __name__ == "__main__":
    whitewater.run(Raft)
