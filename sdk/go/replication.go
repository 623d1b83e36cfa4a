package main

import "sort"

// Log replication, section 5.3, and the commit rule of section 5.4.2.

// batch bounds the entries of one AppendEntries.
const batch = 64

// appendAsLeader returns the index of the entry.
func (rf *Raft) appendAsLeader(e entry) int {
	e.Term = rf.hardState.CurrentTerm
	rf.append(e)
	index := rf.lastLogIndex()
	rf.whenDurableInTerm(func() {
		if rf.role == leader {
			rf.noteMatch(rf.Me, index)
		}
	})
	return index
}

// heartbeat sends again what was sent and is not acknowledged: it may be lost.
func (rf *Raft) heartbeat() {
	rf.SetTimer("heartbeat", heartbeatMs, heartbeatMs)
	for _, peer := range rf.Peers {
		if rf.matchIndex[peer] > 0 {
			rf.nextIndex[peer] = rf.matchIndex[peer] + 1
		}
	}
	rf.replicateToAll()
}

func (rf *Raft) replicateToAll() {
	for _, peer := range rf.Peers {
		rf.replicateTo(peer)
	}
}

func (rf *Raft) replicateTo(peer string) {
	prevLogIndex := rf.nextIndex[peer] - 1
	if prevLogIndex < rf.snapshot.LastIncludedIndex {
		rf.sendSnapshot(peer)
		return
	}
	prevLogTerm, _ := rf.termAt(prevLogIndex)
	entries := rf.log.entries[prevLogIndex+1-rf.log.firstIndex:]
	entries = entries[:min(len(entries), batch)]
	rf.nextIndex[peer] += len(entries) // further ones need not wait for the answer
	rf.Send(peer, message{
		Type:         "AppendEntries",
		Term:         rf.hardState.CurrentTerm,
		PrevLogIndex: prevLogIndex,
		PrevLogTerm:  prevLogTerm,
		Entries:      entries,
		LeaderCommit: rf.commitIndex,
	})
}

func (rf *Raft) handleAppendEntries(leaderID string, m message) {
	if !rf.follow(leaderID, m) {
		return
	}
	prevLogIndex, entries := m.PrevLogIndex, m.Entries
	if covered := rf.snapshot.LastIncludedIndex - prevLogIndex; covered > 0 {
		// The snapshot stands for these: they are committed, and agree.
		entries = entries[min(covered, len(entries)):]
		prevLogIndex = rf.snapshot.LastIncludedIndex
	} else if !rf.hasEntry(prevLogIndex, m.PrevLogTerm) {
		rf.reply(leaderID, message{Type: "Appended", TryIndex: rf.firstOfConflict(prevLogIndex)})
		return
	}
	matchIndex := prevLogIndex + len(entries)
	for i, e := range entries {
		index := prevLogIndex + 1 + i
		if rf.hasEntry(index, e.Term) {
			continue
		}
		if index <= rf.lastLogIndex() { // a conflict: this entry goes, and all behind it
			rf.truncateFrom(index)
		}
		rf.append(entries[i:]...)
		break
	}
	rf.commitTo(min(m.LeaderCommit, matchIndex))
	rf.reply(leaderID, message{Type: "Appended", Success: true, MatchIndex: matchIndex})
}

// follow is false for a leader of the past, which is told so.
func (rf *Raft) follow(leaderID string, m message) bool {
	if m.Term < rf.hardState.CurrentTerm {
		rf.reply(leaderID, message{Type: "Appended"})
		return false
	}
	if rf.role != follower || rf.leaderID != leaderID {
		rf.becomeFollower(leaderID)
	}
	rf.setElectionTimer()
	return true
}

// firstOfConflict is where the leader should go on: it passes over a whole term at once, end of
// section 5.3.
func (rf *Raft) firstOfConflict(prevLogIndex int) int {
	index := min(prevLogIndex, rf.lastLogIndex()+1)
	term, ok := rf.termAt(index)
	for ok && index > rf.commitIndex+1 && rf.hasEntry(index-1, term) {
		index--
	}
	return max(index, rf.commitIndex+1)
}

func (rf *Raft) handleAppended(peer string, m message) {
	if rf.role != leader || m.Term != rf.hardState.CurrentTerm {
		return
	}
	if m.Success {
		rf.noteMatch(peer, m.MatchIndex)
		rf.nextIndex[peer] = max(rf.nextIndex[peer], m.MatchIndex+1)
		if rf.nextIndex[peer] <= rf.lastLogIndex() {
			rf.replicateTo(peer)
		}
		return
	}
	if m.TryIndex < rf.nextIndex[peer] { // else it answers an older question
		rf.nextIndex[peer] = max(rf.matchIndex[peer]+1, m.TryIndex)
		rf.replicateTo(peer)
	}
}

// noteMatch is Rules for Servers, Leaders, last rule: only entries of the current term are committed
// by counting, section 5.4.2.
func (rf *Raft) noteMatch(server string, index int) {
	rf.matchIndex[server] = max(rf.matchIndex[server], index)
	matches := make([]int, 0, len(rf.Members))
	for _, member := range rf.Members {
		matches = append(matches, rf.matchIndex[member])
	}
	sort.Sort(sort.Reverse(sort.IntSlice(matches)))
	agreed := matches[len(rf.Members)/2] // a majority has at least this
	if agreed > rf.commitIndex && rf.hasEntry(agreed, rf.hardState.CurrentTerm) {
		rf.commitTo(agreed)
	}
}

func (rf *Raft) commitTo(index int) {
	rf.commitIndex = max(rf.commitIndex, index)
	for rf.lastApplied < rf.commitIndex {
		rf.lastApplied++
		if e := rf.entryAt(rf.lastApplied); !e.IsNoOp {
			rf.Apply(e.Op, rf.lastApplied)
		}
		if id, ok := rf.waitingClients[rf.lastApplied]; ok {
			delete(rf.waitingClients, rf.lastApplied)
			rf.Respond(id, "ok")
		}
	}
	every := rf.Config.SnapshotEvery
	if every > 0 && rf.lastApplied-rf.snapshot.LastIncludedIndex >= every {
		rf.takeSnapshot()
	}
}
