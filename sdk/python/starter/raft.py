#!/usr/bin/env python3
"""Your Raft. Keep Figure 2 of the Raft paper beside you: https://raft.github.io/raft.pdf

The bench calls these methods, one at a time, and carries out what they ask for. See whitewater.py
for all that you can ask for, and docs/protocol.md for what it means. print() shows in the log.
"""
import whitewater

ELECTION_MS = (150, 300)
HEARTBEAT_MS = 50


class Raft(whitewater.Server):
    # What your server can do. What it does not declare is not tested, and earns nothing.
    capabilities = {
        "durability": "explicit",  # self.persist(...), then self.when_durable(lambda: ...)
        "claims": True,  # self.claim("candidate" or "leader", term), when it stands and when it leads
        "electionMs": list(ELECTION_MS),
        "heartbeatMs": HEARTBEAT_MS,
    }

    def start(self, durable):
        """First boot and every restart: self.me is this server, self.peers are the others."""
        # Milestone 1: self.set_timer("election", *ELECTION_MS)

    def timer(self, name):
        """A timer ran out. "election": stand. "heartbeat": send."""

    def message(self, sender, body):
        """What another server sent with self.send(to, body): any value that JSON can carry."""

    def request(self, id, op, read_only):
        """A client asks. Only a leader may accept; `op` is a text that you need not understand."""
        self.respond(id, "redirect", hint=None)


if __name__ == "__main__":
    whitewater.run(Raft)
