package raft

// Log compaction, section 7 and Figure 13: a snapshot goes in one piece.

type InstallSnapshotArgs struct {
	Term              int
	LeaderID          int
	LastIncludedIndex int
	LastIncludedTerm  int
	Data              []byte
}

type InstallSnapshotReply struct {
	Term int
}

// Snapshot takes what the service has applied through index off the log.
func (rf *Raft) Snapshot(index int, snapshot []byte) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if index <= rf.log.LastIncludedIndex { // a newer one has come from the leader
		return
	}
	rf.log.cut(index, rf.log.termAt(index))
	rf.snapshot = snapshot
	rf.persist()
}

func (rf *Raft) snapshotArgs() InstallSnapshotArgs {
	return InstallSnapshotArgs{
		Term:              rf.currentTerm,
		LeaderID:          rf.me,
		LastIncludedIndex: rf.log.LastIncludedIndex,
		LastIncludedTerm:  rf.log.LastIncludedTerm,
		Data:              rf.snapshot,
	}
}

func (rf *Raft) sendSnapshot(peer int, args InstallSnapshotArgs) {
	var reply InstallSnapshotReply
	if !rf.peers[peer].Call("Raft.InstallSnapshot", &args, &reply) {
		return
	}
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if rf.stillLeads(args.Term, reply.Term) {
		rf.noteMatch(peer, args.LastIncludedIndex)
	}
}

func (rf *Raft) InstallSnapshot(args *InstallSnapshotArgs, reply *InstallSnapshotReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if !rf.follow(args.Term) {
		reply.Term = rf.currentTerm
		return
	}
	defer rf.persist() // before the reply leaves
	reply.Term = rf.currentTerm
	if args.LastIncludedIndex <= rf.commitIndex { // all of it is or will be applied from the log
		return
	}
	rf.log.cut(args.LastIncludedIndex, args.LastIncludedTerm)
	rf.snapshot = args.Data
	rf.commitIndex = args.LastIncludedIndex
	rf.installed = true
	rf.mayApply.Signal()
}
