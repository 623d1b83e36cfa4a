package main

import "raft/whitewater"

// Log compaction, section 7. The bench keeps the state machine: Ref is a text that stands for it.

type snapshot struct {
	LastIncludedIndex int    `json:"lastIncludedIndex"`
	LastIncludedTerm  int    `json:"lastIncludedTerm"`
	Ref               string `json:"ref"`
}

func (rf *Raft) takeSnapshot() {
	if !rf.takingSnapshot && rf.lastApplied > rf.snapshot.LastIncludedIndex {
		rf.takingSnapshot = true
		rf.TakeSnapshot(rf.lastApplied)
	}
}

func (rf *Raft) SnapshotTaken(index int, ref string) {
	rf.takingSnapshot = false
	if index > rf.snapshot.LastIncludedIndex { // else a newer one came from the leader meanwhile
		term, _ := rf.termAt(index)
		rf.adopt(snapshot{index, term, ref})
	}
	rf.answerOperators()
}

// adopt saves the snapshot first, then cuts the log: a crash between the two loses nothing.
func (rf *Raft) adopt(s snapshot) {
	rf.snapshot = s
	rf.Put("snapshot", s)
	rf.cutLog()
}

func (rf *Raft) sendSnapshot(peer string) {
	s := rf.snapshot
	rf.nextIndex[peer] = s.LastIncludedIndex + 1
	rf.Send(peer, message{Type: "InstallSnapshot", Term: rf.hardState.CurrentTerm, Snapshot: &s})
}

func (rf *Raft) handleInstallSnapshot(leaderID string, m message) {
	if !rf.follow(leaderID, m) {
		return
	}
	index := m.Snapshot.LastIncludedIndex
	if index > rf.commitIndex { // else all of it was applied here before
		rf.adopt(*m.Snapshot)
		rf.Restore(index, m.Snapshot.Ref)
		rf.commitIndex, rf.lastApplied = index, index
	}
	rf.reply(leaderID, message{Type: "Appended", Success: true, MatchIndex: index})
}

func (rf *Raft) Admin(id string, change whitewater.Change) {
	if !change.TakeSnapshot {
		rf.Respond(id, "rejected")
		return
	}
	rf.operators = append(rf.operators, id)
	rf.takeSnapshot()
	if !rf.takingSnapshot { // the last one stands for all that was applied
		rf.answerOperators()
	}
}

func (rf *Raft) answerOperators() {
	ids := rf.operators
	rf.operators = nil
	rf.WhenDurable(func() {
		for _, id := range ids {
			rf.Respond(id, "ok")
		}
	})
}
