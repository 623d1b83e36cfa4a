package raft

// Leader election, sections 5.2 and 5.4.1.

type RequestVoteArgs struct {
	Term         int
	CandidateID  int
	LastLogIndex int
	LastLogTerm  int
}

type RequestVoteReply struct {
	Term        int
	VoteGranted bool
}

func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if args.Term > rf.currentTerm {
		rf.becomeFollower(args.Term)
	}
	isFree := rf.votedFor == nobody || rf.votedFor == args.CandidateID
	if args.Term == rf.currentTerm && isFree && rf.isUpToDate(args) {
		rf.votedFor = args.CandidateID
		rf.postponeElection()
		reply.VoteGranted = true
	}
	reply.Term = rf.currentTerm
	rf.persist() // before the reply leaves
}

// isUpToDate compares the ends of two logs, section 5.4.1.
func (rf *Raft) isUpToDate(args *RequestVoteArgs) bool {
	lastIndex := rf.log.lastIndex()
	lastTerm := rf.log.termAt(lastIndex)
	if args.LastLogTerm != lastTerm {
		return args.LastLogTerm > lastTerm
	}
	return args.LastLogIndex >= lastIndex
}

func (rf *Raft) stand() {
	rf.role = candidate
	rf.currentTerm++
	rf.votedFor = rf.me
	rf.persist()
	votes := 1
	if rf.isMajority(votes) {
		rf.lead()
		return
	}
	lastIndex := rf.log.lastIndex()
	args := RequestVoteArgs{rf.currentTerm, rf.me, lastIndex, rf.log.termAt(lastIndex)}
	for peer := range rf.peers {
		if peer != rf.me {
			go rf.askForVote(peer, args, &votes)
		}
	}
}

// askForVote counts in votes, which mu guards.
func (rf *Raft) askForVote(peer int, args RequestVoteArgs, votes *int) {
	var reply RequestVoteReply
	if !rf.peers[peer].Call("Raft.RequestVote", &args, &reply) {
		return
	}
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if reply.Term > rf.currentTerm {
		rf.becomeFollower(reply.Term)
		rf.persist()
	}
	if rf.role != candidate || rf.currentTerm != args.Term || !reply.VoteGranted {
		return
	}
	*votes++
	if rf.isMajority(*votes) {
		rf.lead()
	}
}

func (rf *Raft) isMajority(count int) bool { return count > len(rf.peers)/2 }

func (rf *Raft) lead() {
	rf.role = leader
	rf.nextIndex = make([]int, len(rf.peers))
	rf.matchIndex = make([]int, len(rf.peers))
	for peer := range rf.peers {
		rf.nextIndex[peer] = rf.log.lastIndex() + 1
	}
	rf.matchIndex[rf.me] = rf.log.lastIndex()
	go rf.sendHeartbeats(rf.currentTerm)
}
