package raft

import (
	"sort"
	"time"
)

// Log replication, section 5.3, and the commit rule of section 5.4.2.

type AppendEntriesArgs struct {
	Term         int
	LeaderID     int
	PrevLogIndex int
	PrevLogTerm  int
	Entries      []LogEntry
	LeaderCommit int
}

type AppendEntriesReply struct {
	Term    int
	Success bool
	// TryIndex is where the leader should go on after a refusal.
	TryIndex int
}

// sendHeartbeats ends with the term, or with its leader's rule.
func (rf *Raft) sendHeartbeats(term int) {
	for !rf.dead.Load() {
		rf.mu.Lock()
		if rf.role != leader || rf.currentTerm != term {
			rf.mu.Unlock()
			return
		}
		rf.replicateToAll()
		rf.mu.Unlock()
		time.Sleep(heartbeatInterval)
	}
}

func (rf *Raft) replicateToAll() {
	for peer := range rf.peers {
		if peer == rf.me {
			continue
		}
		if rf.nextIndex[peer] <= rf.log.LastIncludedIndex {
			go rf.sendSnapshot(peer, rf.snapshotArgs())
		} else {
			go rf.sendEntries(peer, rf.entriesArgs(peer))
		}
	}
}

func (rf *Raft) entriesArgs(peer int) AppendEntriesArgs {
	prevLogIndex := rf.nextIndex[peer] - 1
	return AppendEntriesArgs{
		Term:         rf.currentTerm,
		LeaderID:     rf.me,
		PrevLogIndex: prevLogIndex,
		PrevLogTerm:  rf.log.termAt(prevLogIndex),
		Entries:      rf.log.copyFrom(prevLogIndex + 1),
		LeaderCommit: rf.commitIndex,
	}
}

func (rf *Raft) sendEntries(peer int, args AppendEntriesArgs) {
	var reply AppendEntriesReply
	if !rf.peers[peer].Call("Raft.AppendEntries", &args, &reply) {
		return
	}
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if !rf.stillLeads(args.Term, reply.Term) {
		return
	}
	if reply.Success {
		rf.noteMatch(peer, args.PrevLogIndex+len(args.Entries))
		return
	}
	if reply.TryIndex < rf.nextIndex[peer] { // else it answers an older question
		rf.nextIndex[peer] = max(rf.matchIndex[peer]+1, reply.TryIndex)
	}
}

// stillLeads tells whether a reply is of use: it may come when all has changed.
func (rf *Raft) stillLeads(term, replyTerm int) bool {
	if replyTerm > rf.currentTerm {
		rf.becomeFollower(replyTerm)
		rf.persist()
	}
	return rf.role == leader && rf.currentTerm == term
}

func (rf *Raft) noteMatch(peer, index int) {
	rf.matchIndex[peer] = max(rf.matchIndex[peer], index)
	rf.nextIndex[peer] = max(rf.nextIndex[peer], index+1)
	rf.commitWhatAgrees()
}

// commitWhatAgrees counts for entries of the current term alone, section 5.4.2.
func (rf *Raft) commitWhatAgrees() {
	matches := append([]int{}, rf.matchIndex...)
	sort.Sort(sort.Reverse(sort.IntSlice(matches)))
	agreed := matches[len(matches)/2] // a majority has at least this
	if agreed > rf.commitIndex && rf.log.termAt(agreed) == rf.currentTerm {
		rf.commitTo(agreed)
	}
}

func (rf *Raft) commitTo(index int) {
	if index > rf.commitIndex {
		rf.commitIndex = index
		rf.mayApply.Signal()
	}
}

func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply) {
	rf.mu.Lock()
	defer rf.mu.Unlock()
	if !rf.follow(args.Term) {
		reply.Term = rf.currentTerm
		return
	}
	defer rf.persist() // before the reply leaves
	reply.Term = rf.currentTerm
	prevLogIndex, entries := args.PrevLogIndex, args.Entries
	if covered := rf.log.LastIncludedIndex - prevLogIndex; covered > 0 {
		// The snapshot stands for these: they are committed, and agree.
		entries = entries[min(covered, len(entries)):]
		prevLogIndex = rf.log.LastIncludedIndex
	} else if !rf.log.has(prevLogIndex, args.PrevLogTerm) {
		reply.TryIndex = rf.firstOfConflict(prevLogIndex)
		return
	}
	for i, entry := range entries {
		index := prevLogIndex + 1 + i
		if !rf.log.has(index, entry.Term) { // this entry goes, and all behind it
			rf.log.Entries = append(rf.log.copyUpTo(index-1), entries[i:]...)
			break
		}
	}
	reply.Success = true
	rf.commitTo(min(args.LeaderCommit, prevLogIndex+len(entries)))
}

// follow is false for a leader of the past.
func (rf *Raft) follow(term int) bool {
	if term < rf.currentTerm {
		return false
	}
	rf.becomeFollower(term)
	rf.postponeElection()
	return true
}

// firstOfConflict passes over a whole term at once, end of section 5.3.
func (rf *Raft) firstOfConflict(prevLogIndex int) int {
	index := min(prevLogIndex, rf.log.lastIndex()+1)
	if index <= rf.log.lastIndex() {
		term := rf.log.termAt(index)
		for index > rf.commitIndex+1 && rf.log.has(index-1, term) {
			index--
		}
	}
	return max(index, rf.commitIndex+1)
}
