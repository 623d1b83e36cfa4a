package main

// Leader election, section 5.2, with the restriction of section 5.4.1.

func (rf *Raft) enterTerm(term int, votedFor string) {
	rf.hardState = hardState{CurrentTerm: term, VotedFor: votedFor}
	rf.saveHardState()
}

// becomeCandidate is Rules for Servers, Candidates. The vote for oneself counts once it is on disk.
func (rf *Raft) becomeCandidate() {
	rf.role = candidate
	rf.leaderID = ""
	rf.votes = map[string]bool{}
	rf.enterTerm(rf.hardState.CurrentTerm+1, rf.Me)
	rf.Claim("candidate", rf.hardState.CurrentTerm)
	rf.setElectionTimer()
	rf.whenDurableInTerm(func() {
		if rf.role != candidate {
			return
		}
		for _, peer := range rf.Peers {
			rf.Send(peer, message{
				Type:         "RequestVote",
				Term:         rf.hardState.CurrentTerm,
				LastLogIndex: rf.lastLogIndex(),
				LastLogTerm:  rf.lastLogTerm(),
			})
		}
		rf.countVote(rf.Me)
	})
}

func (rf *Raft) handleRequestVote(candidateID string, m message) {
	votedFor := rf.hardState.VotedFor
	granted := m.Term == rf.hardState.CurrentTerm &&
		(votedFor == "" || votedFor == candidateID) &&
		rf.isUpToDate(m.LastLogTerm, m.LastLogIndex)
	if granted {
		if votedFor == "" {
			rf.hardState.VotedFor = candidateID
			rf.saveHardState()
		}
		rf.setElectionTimer()
	}
	rf.reply(candidateID, message{Type: "Vote", VoteGranted: granted})
}

// isUpToDate tells whether a log that ends like this is at least as up-to-date as this server's,
// section 5.4.1.
func (rf *Raft) isUpToDate(lastLogTerm, lastLogIndex int) bool {
	if lastLogTerm != rf.lastLogTerm() {
		return lastLogTerm > rf.lastLogTerm()
	}
	return lastLogIndex >= rf.lastLogIndex()
}

func (rf *Raft) handleVote(voter string, m message) {
	if rf.role == candidate && m.Term == rf.hardState.CurrentTerm && m.VoteGranted {
		rf.countVote(voter)
	}
}

func (rf *Raft) countVote(voter string) {
	rf.votes[voter] = true
	if rf.isMajority(len(rf.votes)) {
		rf.becomeLeader()
	}
}

func (rf *Raft) becomeLeader() {
	rf.role = leader
	rf.leaderID = rf.Me
	rf.Claim("leader", rf.hardState.CurrentTerm)
	rf.CancelTimer("election")
	rf.nextIndex = map[string]int{}
	rf.matchIndex = map[string]int{}
	for _, peer := range rf.Peers {
		rf.nextIndex[peer] = rf.lastLogIndex() + 1
	}
	rf.appendAsLeader(entry{IsNoOp: true}) // section 8: what was left uncommitted is committed with it
	rf.heartbeat()
}
