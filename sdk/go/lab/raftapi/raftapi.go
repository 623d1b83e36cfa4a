// Package raftapi stands in for the package of this name in the labs.
package raftapi

// Raft is what a lab's Make returns.
type Raft interface {
	// Start begins agreement on a command: its index if it is ever committed, the term, and whether
	// this server thinks that it leads.
	Start(command any) (index int, term int, isLeader bool)
	GetState() (term int, isLeader bool)
	// Snapshot tells that the service has all through index in this snapshot.
	Snapshot(index int, snapshot []byte)
	PersistBytes() int
}

// ApplyMsg is a committed command, or a snapshot that takes the place of many.
type ApplyMsg struct {
	CommandValid bool
	Command      any
	CommandIndex int

	SnapshotValid bool
	Snapshot      []byte
	SnapshotTerm  int
	SnapshotIndex int
}
