"""Puts a server in Python on the Whitewater bench: node protocol, version 1, standard library only.

    class Raft(whitewater.Server):
        capabilities = {"durability": "explicit", "claims": True}
        def start(self, durable): self.set_timer("election", 150, 300)

    whitewater.run(Raft)

The server reads no clock, draws no random number and opens no file: time, chance and the disk are
the bench's. print() is for you: it goes to the log.
"""
import json
import sys
import traceback


class Server:
    """One server. Write the handlers that you need; call the methods below to act.

    Before `start`: self.me, self.members (sorted), self.peers (the others), self.boot, self.config.
    During each event: self.now, milliseconds.
    """

    capabilities = {}

    # -- handlers, for you to write ------------------------------------------------------------------

    def start(self, durable):
        """First boot and every restart. durable: what is on disk, {"values": {...}, "entries": [...],
        "first_index": 1}, of the stream "main"."""

    def message(self, sender, body):
        """Something that `sender` sent: perhaps late, twice, out of order, or from an earlier life."""

    def timer(self, name):
        """A timer ran out."""

    def request(self, id, op, read_only):
        """A client wants `op` to be done. Answer with self.respond(id, ...)."""

    def persist_failed(self, id, error):
        """A write did not happen, nor any behind it."""
        self.halt(f"write {id} failed: {error}")

    def snapshot_taken(self, index, ref):
        """What self.take_snapshot(index) has asked for."""

    def admin(self, id, change):
        """An operator asks, for example {"takeSnapshot": True}. Answer with self.respond(id, ...)."""
        self.respond(id, "rejected")

    # -- actions, for you to call --------------------------------------------------------------------

    def send(self, to, body, about=None):
        self._act("send", to=to, body=body, **({} if about is None else {"about": about}))

    def set_timer(self, name, min_ms, max_ms=None):
        """Setting a timer again replaces it. The bench draws between the two."""
        self._act("setTimer", name=name, minMs=min_ms, maxMs=min_ms if max_ms is None else max_ms)

    def cancel_timer(self, name):
        self._act("cancelTimer", name=name)

    def persist(self, **write):
        """Begins a write: put={key: value}, append=[entry], truncateFrom=i, compactTo=i or
        overwrite={"index": i, "entries": [entry]}; places count from 1. Returns the id of the write."""
        self.last_write += 1
        self._act("persist", id=self.last_write, write=write)
        return self.last_write

    def when_durable(self, then):
        """Calls `then` when all that was written so far is on disk; at once if it is."""
        if self.last_write == self.last_safe or self.capabilities.get("durability") != "explicit":
            then()
        else:
            self._waiting.append((self.last_write, then))

    def apply(self, op, index):
        """Hands a committed command to the state machine: each one once in a life, in order."""
        self._act("apply", op=op, index=index)

    def respond(self, id, outcome, hint=None):
        """ok: committed and applied here. redirect: not accepted, `hint` is the leader or None.
        rejected: it will never happen. unknown: it may or may not."""
        self._act("respond", id=id, outcome=outcome, **({"hint": hint} if outcome == "redirect" else {}))

    def claim(self, role, term):
        """Says that this server is now "candidate", "leader" or "follower" in this term."""
        self._act("claim", role=role, term=term)

    def take_snapshot(self, index):
        self._act("takeSnapshot", index=index)

    def restore(self, index, ref):
        self._act("restore", index=index, ref=ref)

    def halt(self, reason):
        self._act("halt", reason=reason)

    def note(self, note):
        self._act("note", note=note)

    # -- how it works --------------------------------------------------------------------------------

    def __init__(self):
        self.last_write = 0  # id of the latest write
        self.last_safe = 0  # this write and all before it are on disk
        self._waiting = []  # (id of a write, what to do when it is safe), ids rising
        self._actions = []

    def _act(self, kind, **fields):
        self._actions.append({"kind": kind, **fields})

    def _handle(self, event):
        """All that one event makes this server do."""
        self._actions = []
        self.now = event["now"]
        kind = event["kind"]
        if kind == "start":
            self.me, self.members = event["self"], event["members"]
            self.peers = [member for member in self.members if member != self.me]
            self.boot, self.config = event["boot"], event["config"]
            disk = (event["durable"] or {}).get("main", {})
            self.start({"values": disk.get("values", {}), "entries": disk.get("entries", []),
                        "first_index": disk.get("firstIndex", 1)})
        elif kind == "message":
            self.message(event["from"], event["body"])
        elif kind == "timer":
            self.timer(event["name"])
        elif kind == "request":
            self.request(event["id"], event["command"]["op"], event["readOnly"])
        elif kind == "persisted":
            self.last_safe = max(self.last_safe, event["id"])
            while self._waiting and self._waiting[0][0] <= self.last_safe:
                self._waiting.pop(0)[1]()
        elif kind == "persistFailed":
            self.persist_failed(event["id"], event["error"])
        elif kind == "snapshotTaken":
            self.snapshot_taken(event["index"], event["ref"])
        elif kind == "admin":
            self.admin(event["id"], event["change"])
        return self._actions  # a kind of event that is new to this file asks for nothing


def run(server_class, name=None):
    """Serves the bench until it closes stdin. A new `start` makes a new server.

    `python3 -m pdb raft.py n2.in` takes the lines of a file instead: what one server was told.
    """
    answers, sys.stdout = sys.stdout, sys.stderr
    lines = open(sys.argv[-1]) if sys.argv[-1].endswith(".in") else sys.stdin
    server = None
    for line in lines:
        event = json.loads(line)
        if event["kind"] == "hello":
            answer = json.dumps({"ready": 1, "name": name or server_class.__name__,
                                 "capabilities": {"reset": True, **server_class.capabilities}})
        else:
            try:
                if event["kind"] == "start":
                    server = server_class()
                actions = server._handle(event)
                answer = json.dumps({"done": event["n"], "actions": actions},
                                    allow_nan=False, separators=(",", ":"))
            except Exception as error:
                traceback.print_exc()
                answer = json.dumps({"done": event["n"], "error": _words(error)})
        answers.write(answer + "\n")
        answers.flush()


def _words(error):
    """TypeError: can only concatenate str (raft.py:41)"""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__] or list(frames)
    file = own[-1].filename.replace("\\", "/").split("/")[-1]
    return f"{type(error).__name__}: {error} ({file}:{own[-1].lineno})"
