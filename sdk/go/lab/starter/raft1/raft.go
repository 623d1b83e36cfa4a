// Package raft is yours. Keep Figure 2 of the Raft paper beside you: https://raft.github.io/raft.pdf
//
// This is the shape of the MIT labs: goroutines, a mutex, calls that wait, time.Sleep. The time is
// that of the bench, and stands still while any goroutine runs. fmt.Println shows in the log.
package raft

import (
	"sync"

	"6.5840/labrpc"
	"6.5840/raftapi"
	tester "6.5840/tester1"
)

// Raft is one server, from one start to the next crash.
type Raft struct {
	mu        sync.Mutex
	peers     []*labrpc.ClientEnd // peers[me] is this server
	me        int
	persister *tester.Persister
	applyCh   chan raftapi.ApplyMsg
}

// Make is the first boot and every restart: persister.ReadRaftState() is what was saved before.
func Make(
	peers []*labrpc.ClientEnd, me int, persister *tester.Persister, applyCh chan raftapi.ApplyMsg,
) raftapi.Raft {
	rf := &Raft{peers: peers, me: me, persister: persister, applyCh: applyCh}
	// Milestone 1: go rf.ticker(), which sleeps for 300 to 600 ms and then calls for votes with
	// rf.peers[i].Call("Raft.RequestVote", &args, &reply)
	return rf
}

// GetState says in which term this server is, and whether it thinks that it leads.
func (rf *Raft) GetState() (term int, isLeader bool) {
	return 0, false
}

// Start begins agreement on a command of a client, and does not wait for it. Committed ones go to
// applyCh: their indexes count from 1, without gaps.
func (rf *Raft) Start(command any) (index int, term int, isLeader bool) {
	return -1, 0, false
}

// Snapshot tells that the service has all through index in this snapshot.
func (rf *Raft) Snapshot(index int, snapshot []byte) {
}

// PersistBytes is how much the state of Raft takes on disk.
func (rf *Raft) PersistBytes() int { return rf.persister.RaftStateSize() }
