// Package whitewater puts a server in Go on the Whitewater bench: node protocol, version 1,
// standard library only.
//
//	type Raft struct {
//		whitewater.Server
//		currentTerm int
//	}
//
//	func (rf *Raft) Start(disk whitewater.Disk) { rf.SetTimer("election", 150, 300) }
//
//	func main() {
//		whitewater.Run("my-raft", whitewater.Capabilities{Durability: "explicit", Claims: true},
//			func() whitewater.Node { return &Raft{} })
//	}
//
// The bench calls the handlers one at a time, never two at once: no mutex, no goroutine. The server
// reads no clock, draws no random number and opens no file: time, chance and the disk are the
// bench's. fmt.Println is for you: it goes to the log.
package whitewater

import "encoding/json"

// Node is what Run drives: a type of yours that embeds Server and has the handlers that it needs in
// place of those of Server, which do nothing.
type Node interface {
	// Start is the first boot and every restart. The disk is what survived of stream "main".
	Start(disk Disk)
	// Message is something that another server sent: perhaps late, twice, out of order, or from an
	// earlier life.
	Message(from string, body json.RawMessage)
	// Timer tells that a timer ran out.
	Timer(name string)
	// Request is a client's wish. Answer it with Respond or Redirect.
	Request(request Request)
	// Persisted tells that this write, and all before it, are on disk. WhenDurable is easier.
	Persisted(id int)
	// PersistFailed tells that a write did not happen, nor any behind it.
	PersistFailed(id int, why string)
	// SnapshotTaken brings what TakeSnapshot has asked for.
	SnapshotTaken(index int, ref string)
	// Admin is an operator's wish. Answer it with Respond.
	Admin(id string, change Change)

	server() *Server
}

// Capabilities say what a server can do. What is not declared is not tested, and earns nothing.
type Capabilities struct {
	// Durability is explicit, barrier, immediate or none.
	Durability string `json:"durability,omitempty"`
	// ElectionMs are the bounds of election timeouts. The default is 150 to 300.
	ElectionMs *[2]int `json:"electionMs,omitempty"`
	// HeartbeatMs is how long a leader is silent. The default is 50.
	HeartbeatMs int    `json:"heartbeatMs,omitempty"`
	Claims      bool   `json:"claims,omitempty"`
	Snapshots   bool   `json:"snapshots,omitempty"`
	PreVote     bool   `json:"preVote,omitempty"`
	CheckQuorum bool   `json:"checkQuorum,omitempty"`
	Transfer    bool   `json:"transfer,omitempty"`
	Membership  string `json:"membership,omitempty"`
	// Reads is log, readIndex, lease or none. The default is log.
	Reads string `json:"reads,omitempty"`
}

// Config is what the bench wants of servers in this run.
type Config struct {
	// SnapshotEvery is how many applied commands make a snapshot due; 0: none is ever due.
	SnapshotEvery int `json:"snapshotEvery"`
	// MaxDriftPpm bounds how much faster or slower than true time a clock is, parts per million.
	MaxDriftPpm int `json:"maxDriftPpm"`
}

// Disk is what survived a crash: values by key, and one list, which begins at FirstIndex.
type Disk struct {
	Values     map[string]json.RawMessage `json:"values"`
	FirstIndex int                        `json:"firstIndex"`
	Entries    []json.RawMessage          `json:"entries"`
}

// Request is what a client wants to be done.
type Request struct {
	ID string
	// Op is the same text for every attempt at a command, and different for every command.
	Op       string
	ReadOnly bool
}

// Change is what an operator wants: one of these.
type Change struct {
	TakeSnapshot bool     `json:"takeSnapshot"`
	TransferTo   string   `json:"transferTo"`
	Members      []string `json:"members"`
	Learners     []string `json:"learners"`
}

// Server is to be embedded: it has the actions, and handlers that do nothing.
type Server struct {
	// Me is this server, Members are all of the first configuration, sorted, Peers the others.
	Me      string
	Members []string
	Peers   []string
	// Boot counts restarts; Now is in milliseconds and never falls.
	Boot   int
	Now    int64
	Config Config

	explicit  bool
	lastWrite int
	lastSafe  int
	waiting   []waiter
	actions   []action
}

type waiter struct {
	write int
	then  func()
}

type action map[string]any

// Send sends any value that encoding/json can write.
func (s *Server) Send(to string, body any) {
	s.act("send", action{"to": to, "body": encoded(body)})
}

// SetTimer sets a timer, or sets it anew. The bench draws between the two bounds.
func (s *Server) SetTimer(name string, minMs, maxMs int) {
	s.act("setTimer", action{"name": name, "minMs": minMs, "maxMs": maxMs})
}

// CancelTimer makes sure that the timer does not run out.
func (s *Server) CancelTimer(name string) { s.act("cancelTimer", action{"name": name}) }

// Put begins to write a value under a key, and returns the id of the write.
func (s *Server) Put(key string, value any) int {
	return s.persist(action{"put": action{key: encoded(value)}})
}

// Append begins to write entries behind the end of the list.
func (s *Server) Append(entries ...any) int {
	return s.persist(action{"append": encoded(entries)})
}

// TruncateFrom takes entries from this position on off the list. Positions count from 1.
func (s *Server) TruncateFrom(index int) int { return s.persist(action{"truncateFrom": index}) }

// CompactTo takes entries through this position off the list; the others keep their positions.
func (s *Server) CompactTo(index int) int { return s.persist(action{"compactTo": index}) }

// WhenDurable calls then when all that was written so far is on disk; at once if it is.
func (s *Server) WhenDurable(then func()) {
	if !s.explicit || s.lastWrite == s.lastSafe {
		then()
		return
	}
	s.waiting = append(s.waiting, waiter{s.lastWrite, then})
}

// Apply hands a committed command to the state machine: each one once in a life, in order.
func (s *Server) Apply(op string, index int) {
	s.act("apply", action{"op": op, "index": index})
}

// Respond answers a request. "ok": committed and applied here. "rejected": it will never happen.
// "unknown": it may or may not.
func (s *Server) Respond(id, outcome string) {
	s.act("respond", action{"id": id, "outcome": outcome})
}

// Redirect tells a client that this server does not lead; leader is "" when it does not know who does.
func (s *Server) Redirect(id, leader string) {
	answer := action{"id": id, "outcome": "redirect", "hint": nil}
	if leader != "" {
		answer["hint"] = leader
	}
	s.act("respond", answer)
}

// Claim says that this server is now "candidate", "leader" or "follower" in this term.
func (s *Server) Claim(role string, term int) {
	s.act("claim", action{"role": role, "term": term})
}

// TakeSnapshot asks for a text that stands for the state as it is now; see SnapshotTaken.
func (s *Server) TakeSnapshot(index int) { s.act("takeSnapshot", action{"index": index}) }

// Restore makes the state machine what this text stands for.
func (s *Server) Restore(index int, ref string) {
	s.act("restore", action{"index": index, "ref": ref})
}

// Halt stops this server for good.
func (s *Server) Halt(reason string) { s.act("halt", action{"reason": reason}) }

// Note leaves a line in the trace.
func (s *Server) Note(note any) { s.act("note", action{"note": encoded(note)}) }

func (s *Server) Start(Disk)                      {}
func (s *Server) Message(string, json.RawMessage) {}
func (s *Server) Timer(string)                    {}
func (s *Server) Request(request Request)         {}
func (s *Server) Persisted(int)                   {}
func (s *Server) PersistFailed(_ int, why string) { s.Halt("a write failed: " + why) }
func (s *Server) SnapshotTaken(int, string)       {}
func (s *Server) Admin(id string, _ Change)       { s.Respond(id, "rejected") }

func (s *Server) server() *Server { return s }

func (s *Server) act(kind string, fields action) {
	fields["kind"] = kind
	s.actions = append(s.actions, fields)
}

func (s *Server) persist(write action) int {
	s.lastWrite++
	s.act("persist", action{"id": s.lastWrite, "write": write})
	return s.lastWrite
}

// encoded is the value as it is now: what the caller changes later does not travel.
func encoded(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
