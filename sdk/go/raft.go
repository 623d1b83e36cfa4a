package main

import (
	"encoding/json"

	"raft/whitewater"
)

type role string

const (
	follower  role = "follower"
	candidate role = "candidate"
	leader    role = "leader"
)

// Raft is one life of one server. Field names are those of Figure 2.
type Raft struct {
	whitewater.Server

	// Persistent state on all servers.
	hardState hardState
	snapshot  snapshot
	log       log

	// Volatile state on all servers.
	commitIndex int
	lastApplied int
	role        role
	leaderID    string // "" when unknown

	// Volatile state on candidates: who has voted for this server.
	votes map[string]bool

	// Volatile state on leaders. matchIndex has the leader too: its own log counts once it is on disk.
	nextIndex  map[string]int
	matchIndex map[string]int

	waitingClients map[int]string // id of the request by the index of its entry
	takingSnapshot bool
	operators      []string // ids of requests that wait for a snapshot
}

// hardState is on stable storage before any answer leaves that depends on it.
type hardState struct {
	CurrentTerm int    `json:"currentTerm"`
	VotedFor    string `json:"votedFor"` // "" when nobody got the vote of this term
}

// message is what servers send each other; which fields count depends on the type.
type message struct {
	Type string `json:"type"`
	Term int    `json:"term"`

	// RequestVote, and Vote, its answer.
	LastLogIndex int  `json:"lastLogIndex,omitempty"`
	LastLogTerm  int  `json:"lastLogTerm,omitempty"`
	VoteGranted  bool `json:"voteGranted,omitempty"`

	// AppendEntries, and Appended, its answer and that of InstallSnapshot.
	PrevLogIndex int     `json:"prevLogIndex,omitempty"`
	PrevLogTerm  int     `json:"prevLogTerm,omitempty"`
	Entries      []entry `json:"entries,omitempty"`
	LeaderCommit int     `json:"leaderCommit,omitempty"`
	Success      bool    `json:"success,omitempty"`
	MatchIndex   int     `json:"matchIndex,omitempty"` // agreed up to here
	TryIndex     int     `json:"tryIndex,omitempty"`   // where the leader should go on after a refusal

	Snapshot *snapshot `json:"snapshot,omitempty"` // InstallSnapshot
}

// Start is the first boot and every restart: the disk says where the last life had come to.
func (rf *Raft) Start(disk whitewater.Disk) {
	rf.role = follower
	read(disk.Values["hardState"], &rf.hardState)
	read(disk.Values["snapshot"], &rf.snapshot)
	rf.log.read(disk)
	rf.waitingClients = map[int]string{}
	if rf.snapshot.Ref != "" {
		rf.Restore(rf.snapshot.LastIncludedIndex, rf.snapshot.Ref)
	}
	rf.cutLog() // the crash may have come between the snapshot and the cut
	rf.commitIndex = rf.snapshot.LastIncludedIndex
	rf.lastApplied = rf.snapshot.LastIncludedIndex
	rf.setElectionTimer()
}

func (rf *Raft) Message(from string, body json.RawMessage) {
	var m message
	read(body, &m)
	if m.Term > rf.hardState.CurrentTerm { // Rules for Servers, All Servers
		rf.enterTerm(m.Term, "")
		rf.becomeFollower("")
	}
	switch m.Type {
	case "RequestVote":
		rf.handleRequestVote(from, m)
	case "Vote":
		rf.handleVote(from, m)
	case "AppendEntries":
		rf.handleAppendEntries(from, m)
	case "Appended":
		rf.handleAppended(from, m)
	case "InstallSnapshot":
		rf.handleInstallSnapshot(from, m)
	}
}

func (rf *Raft) Timer(name string) {
	switch {
	case name == "election" && rf.role != leader:
		rf.becomeCandidate()
	case name == "heartbeat" && rf.role == leader:
		rf.heartbeat()
	}
}

func (rf *Raft) Request(request whitewater.Request) {
	if rf.role != leader {
		rf.Redirect(request.ID, rf.leaderID)
		return
	}
	rf.waitingClients[rf.appendAsLeader(entry{Op: request.Op})] = request.ID
	rf.replicateToAll()
}

// becomeFollower also takes note of another leader of this term.
func (rf *Raft) becomeFollower(leaderID string) {
	if rf.role != follower {
		rf.Claim("follower", rf.hardState.CurrentTerm)
	}
	if rf.role == leader {
		rf.CancelTimer("heartbeat")
		rf.setElectionTimer()
	}
	for index := rf.commitIndex + 1; index <= rf.lastLogIndex(); index++ { // not by range: no order
		if id, ok := rf.waitingClients[index]; ok {
			rf.Respond(id, "unknown") // another leader may still commit the command
		}
	}
	rf.waitingClients = map[int]string{}
	rf.role = follower
	rf.leaderID = leaderID
}

func (rf *Raft) setElectionTimer() { rf.SetTimer("election", electionMsMin, electionMsMax) }

// saveHardState is called whenever the term or the vote has changed.
func (rf *Raft) saveHardState() { rf.Put("hardState", rf.hardState) }

// reply sends when all that was written so far is on disk, unless the term is over by then.
func (rf *Raft) reply(to string, m message) {
	m.Term = rf.hardState.CurrentTerm
	rf.whenDurableInTerm(func() { rf.Send(to, m) })
}

func (rf *Raft) whenDurableInTerm(then func()) {
	term := rf.hardState.CurrentTerm
	rf.WhenDurable(func() {
		if rf.hardState.CurrentTerm == term {
			then()
		}
	})
}

// isMajority also holds for one server that is alone.
func (rf *Raft) isMajority(count int) bool { return count > len(rf.Members)/2 }

// read leaves the value as it is when there is nothing to read.
func read(text json.RawMessage, value any) {
	if text == nil {
		return
	}
	if err := json.Unmarshal(text, value); err != nil {
		panic(err)
	}
}
