// Your Raft. Keep Figure 2 of the Raft paper beside you: https://raft.github.io/raft.pdf
//
// The bench calls these methods, one at a time, and carries out what they ask for. The folder
// whitewater has all that you can ask for. fmt.Println shows in the log.
package main

import (
	"encoding/json"

	"raft/whitewater"
)

const (
	electionMsMin = 150
	electionMsMax = 300
	heartbeatMs   = 50
)

// Raft is one server, from one start to the next crash.
type Raft struct {
	whitewater.Server
}

// Start is the first boot and every restart: rf.Me is this server, rf.Peers are the others.
func (rf *Raft) Start(disk whitewater.Disk) {
	// Milestone 1: rf.SetTimer("election", electionMsMin, electionMsMax)
}

// Timer tells that a timer ran out. "election": stand. "heartbeat": send.
func (rf *Raft) Timer(name string) {
}

// Message is what another server sent with rf.Send(to, body), as JSON: see json.Unmarshal.
func (rf *Raft) Message(from string, body json.RawMessage) {
}

// Request is a client's wish. Only a leader may accept; Op is a text that you need not understand.
func (rf *Raft) Request(request whitewater.Request) {
	rf.Redirect(request.ID, "")
}

func main() {
	// What your server can do. What it does not declare is not tested, and earns nothing.
	capabilities := whitewater.Capabilities{
		Durability:  "explicit", // rf.Put, rf.Append, ... and then rf.WhenDurable(func() { ... })
		Claims:      true,       // rf.Claim("candidate" or "leader", term) when it stands and when it leads
		ElectionMs:  &[2]int{electionMsMin, electionMsMax},
		HeartbeatMs: heartbeatMs,
	}
	whitewater.Run("my-raft", capabilities, func() whitewater.Node { return &Raft{} })
}
