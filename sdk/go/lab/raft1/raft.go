// Package raft is Raft in the shape of the labs, with goroutines, one mutex and calls that wait.
// Names are those of Figure 2 of the extended paper, and of Figure 13 for snapshots.
package raft

import (
	"math/rand"
	"sync"
	"sync/atomic"
	"time"

	"6.5840/labrpc"
	"6.5840/raftapi"
	tester "6.5840/tester1"
)

const (
	electionTimeoutMin = 300 * time.Millisecond
	electionTimeoutMax = 600 * time.Millisecond
	heartbeatInterval  = 100 * time.Millisecond
)

type role int

const (
	follower role = iota
	candidate
	leader
)

const nobody = -1

// Raft is one server. Every field is guarded by mu, and no call is made while it is held.
type Raft struct {
	mu        sync.Mutex
	peers     []*labrpc.ClientEnd
	me        int
	persister *tester.Persister
	applyCh   chan raftapi.ApplyMsg
	mayApply  *sync.Cond
	dead      atomic.Bool

	// Persistent state.
	currentTerm int
	votedFor    int
	log         raftLog
	snapshot    []byte

	// Volatile state.
	role             role
	electionDeadline time.Time
	commitIndex      int
	lastApplied      int
	// installed: the snapshot came from the leader, and the service does not have it yet.
	installed bool

	// Volatile state on leaders.
	nextIndex  []int
	matchIndex []int
}

func Make(
	peers []*labrpc.ClientEnd, me int, persister *tester.Persister, applyCh chan raftapi.ApplyMsg,
) raftapi.Raft {
	rf := &Raft{peers: peers, me: me, persister: persister, applyCh: applyCh, votedFor: nobody}
	rf.mayApply = sync.NewCond(&rf.mu)
	rf.readPersist()
	rf.commitIndex = rf.log.LastIncludedIndex
	rf.lastApplied = rf.log.LastIncludedIndex
	rf.postponeElection()
	go rf.standWhenDue()
	go rf.applyCommitted()
	return rf
}

// Start appends a command if this server leads.
func (rf *Raft) Start(command any) (index int, term int, isLeader bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if rf.role != leader {
		return -1, rf.currentTerm, false
	}
	rf.log.Entries = append(rf.log.Entries, LogEntry{rf.currentTerm, command})
	rf.persist()
	rf.matchIndex[rf.me] = rf.log.lastIndex()
	rf.commitWhatAgrees()
	rf.replicateToAll()
	return rf.log.lastIndex(), rf.currentTerm, true
}

func (rf *Raft) GetState() (term int, isLeader bool) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	return rf.currentTerm, rf.role == leader
}

func (rf *Raft) Kill() { rf.dead.Store(true) }

// becomeFollower is called whenever a newer term is seen, and when this term has a leader. The caller
// persists.
func (rf *Raft) becomeFollower(term int) {
	rf.role = follower
	if term > rf.currentTerm {
		rf.currentTerm = term
		rf.votedFor = nobody
	}
}

func (rf *Raft) postponeElection() {
	spread := int64(electionTimeoutMax - electionTimeoutMin)
	rf.electionDeadline = time.Now().Add(electionTimeoutMin + time.Duration(rand.Int63n(spread)))
}

// standWhenDue sleeps until an election is due, again and again.
func (rf *Raft) standWhenDue() {
	for !rf.dead.Load() {
		rf.mu.Lock()
		wait := time.Until(rf.electionDeadline)
		if wait <= 0 {
			if rf.role != leader {
				rf.stand()
			}
			rf.postponeElection()
			wait = time.Until(rf.electionDeadline)
		}
		rf.mu.Unlock()
		time.Sleep(wait)
	}
}

// applyCommitted hands on what is committed, in order, without the mutex.
func (rf *Raft) applyCommitted() {
	for !rf.dead.Load() {
		rf.mu.Lock()
		for !rf.installed && rf.lastApplied == rf.commitIndex {
			rf.mayApply.Wait()
		}
		var messages []raftapi.ApplyMsg
		if rf.installed {
			rf.installed = false
			rf.lastApplied = rf.log.LastIncludedIndex
			messages = append(messages, raftapi.ApplyMsg{
				SnapshotValid: true,
				Snapshot:      rf.snapshot,
				SnapshotTerm:  rf.log.LastIncludedTerm,
				SnapshotIndex: rf.log.LastIncludedIndex,
			})
		}
		for rf.lastApplied < rf.commitIndex {
			rf.lastApplied++
			messages = append(messages, raftapi.ApplyMsg{
				CommandValid: true,
				Command:      rf.log.at(rf.lastApplied).Command,
				CommandIndex: rf.lastApplied,
			})
		}
		rf.mu.Unlock()
		for _, message := range messages {
			rf.applyCh <- message
		}
	}
}
