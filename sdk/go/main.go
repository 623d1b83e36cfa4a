// Command raft is Raft as in Figure 2 of the extended paper, with snapshots (section 7), for the
// Whitewater bench. Reads go through the log like writes.
package main

import "raft/whitewater"

const (
	electionMsMin = 150
	electionMsMax = 300
	heartbeatMs   = 50
)

func main() {
	capabilities := whitewater.Capabilities{
		Durability:  "explicit",
		Claims:      true,
		Snapshots:   true,
		ElectionMs:  &[2]int{electionMsMin, electionMsMax},
		HeartbeatMs: heartbeatMs,
	}
	whitewater.Run("raft in Go", capabilities, func() whitewater.Node { return &Raft{} })
}
