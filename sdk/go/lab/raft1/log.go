package raft

import (
	"bytes"

	"6.5840/labgob"
)

type LogEntry struct {
	Term    int
	Command any
}

// raftLog has the entries behind the snapshot.
type raftLog struct {
	LastIncludedIndex int
	LastIncludedTerm  int
	Entries           []LogEntry
}

func (l *raftLog) lastIndex() int { return l.LastIncludedIndex + len(l.Entries) }

func (l *raftLog) at(index int) LogEntry { return l.Entries[index-l.LastIncludedIndex-1] }

// termAt takes indexes from that of the snapshot to that of the last entry.
func (l *raftLog) termAt(index int) int {
	if index == l.LastIncludedIndex {
		return l.LastIncludedTerm
	}
	return l.at(index).Term
}

func (l *raftLog) has(index, term int) bool {
	return index >= l.LastIncludedIndex && index <= l.lastIndex() && l.termAt(index) == term
}

// copyFrom copies: others read it without the mutex.
func (l *raftLog) copyFrom(index int) []LogEntry {
	return append([]LogEntry{}, l.Entries[index-l.LastIncludedIndex-1:]...)
}

func (l *raftLog) copyUpTo(index int) []LogEntry {
	return append([]LogEntry{}, l.Entries[:index-l.LastIncludedIndex]...)
}

// cut leaves what stands behind the snapshot. A log that does not agree with it goes whole.
func (l *raftLog) cut(index, term int) {
	if l.has(index, term) {
		l.Entries = l.copyFrom(index + 1)
	} else {
		l.Entries = nil
	}
	l.LastIncludedIndex, l.LastIncludedTerm = index, term
}

// persist writes only what has changed: many calls change nothing.
func (rf *Raft) persist() {
	var state bytes.Buffer
	encoder := labgob.NewEncoder(&state)
	for _, value := range []any{rf.currentTerm, rf.votedFor, rf.log} {
		if err := encoder.Encode(value); err != nil {
			panic(err)
		}
	}
	if !bytes.Equal(state.Bytes(), rf.persister.ReadRaftState()) {
		rf.persister.Save(state.Bytes(), rf.snapshot)
	}
}

func (rf *Raft) readPersist() {
	data := rf.persister.ReadRaftState()
	if len(data) == 0 {
		return
	}
	decoder := labgob.NewDecoder(bytes.NewReader(data))
	for _, value := range []any{&rf.currentTerm, &rf.votedFor, &rf.log} {
		if err := decoder.Decode(value); err != nil {
			panic(err)
		}
	}
	rf.snapshot = rf.persister.ReadSnapshot()
}

// PersistBytes is how much the log takes on disk.
func (rf *Raft) PersistBytes() int { return rf.persister.RaftStateSize() }
