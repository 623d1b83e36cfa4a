package main

import "raft/whitewater"

type entry struct {
	Term   int    `json:"term"`
	Op     string `json:"op,omitempty"`
	IsNoOp bool   `json:"noOp,omitempty"`
}

// log holds the entries behind the snapshot. On disk they stand at the same places.
type log struct {
	firstIndex int // of the first entry here; one more than the last one when there is none
	entries    []entry
}

func (l *log) read(disk whitewater.Disk) {
	l.firstIndex = disk.FirstIndex
	l.entries = make([]entry, len(disk.Entries))
	for i, text := range disk.Entries {
		read(text, &l.entries[i])
	}
}

func (rf *Raft) lastLogIndex() int { return rf.log.firstIndex + len(rf.log.entries) - 1 }

func (rf *Raft) lastLogTerm() int {
	term, _ := rf.termAt(rf.lastLogIndex())
	return term
}

// termAt is the term of the entry at this index, and whether there is one.
func (rf *Raft) termAt(index int) (term int, ok bool) {
	if index == rf.snapshot.LastIncludedIndex {
		return rf.snapshot.LastIncludedTerm, true
	}
	if index < rf.log.firstIndex || index > rf.lastLogIndex() {
		return 0, false
	}
	return rf.entryAt(index).Term, true
}

func (rf *Raft) entryAt(index int) entry { return rf.log.entries[index-rf.log.firstIndex] }

// hasEntry is the question of the Log Matching Property, section 5.3.
func (rf *Raft) hasEntry(index, term int) bool {
	here, ok := rf.termAt(index)
	return ok && here == term
}

func (rf *Raft) append(entries ...entry) {
	rf.log.entries = append(rf.log.entries, entries...)
	values := make([]any, len(entries))
	for i, e := range entries {
		values[i] = e
	}
	rf.Append(values...)
}

func (rf *Raft) truncateFrom(index int) {
	rf.log.entries = rf.log.entries[:index-rf.log.firstIndex]
	rf.TruncateFrom(index)
}

// cutLog takes what the snapshot stands for off the log. A log that does not agree with the snapshot
// goes whole, section 7.
func (rf *Raft) cutLog() {
	index := rf.snapshot.LastIncludedIndex
	if index < rf.log.firstIndex {
		return
	}
	agrees := index <= rf.lastLogIndex() && rf.entryAt(index).Term == rf.snapshot.LastIncludedTerm
	if len(rf.log.entries) > 0 && !agrees {
		rf.truncateFrom(rf.log.firstIndex)
	}
	if agrees {
		rf.log.entries = rf.log.entries[index+1-rf.log.firstIndex:]
	}
	rf.log.firstIndex = index + 1
	rf.CompactTo(index)
}
