// Package tester stands in for the package of this name in the labs: the disk of a server.
package tester

import (
	"bytes"
	"sync"

	"6.5840/bench"
)

const (
	raftStateKey = "raftstate"
	snapshotKey  = "snapshot"
)

// Persister keeps the state of Raft and a snapshot. A save is atomic, and safe when it returns. The
// bench may still crash the server before the save or right after it.
type Persister struct {
	mu        sync.Mutex
	raftState []byte
	snapshot  []byte
}

func MakePersister() *Persister { return &Persister{} }

// FromDisk has what an earlier life has saved.
func FromDisk(values bench.Values) *Persister {
	return &Persister{raftState: values.Bytes(raftStateKey), snapshot: values.Bytes(snapshotKey)}
}

func (p *Persister) Save(raftState []byte, snapshot []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	put := map[string]any{raftStateKey: raftState}
	if !bytes.Equal(snapshot, p.snapshot) {
		put[snapshotKey] = snapshot
	}
	p.raftState, p.snapshot = bytes.Clone(raftState), bytes.Clone(snapshot)
	bench.Put(put)
}

func (p *Persister) ReadRaftState() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.raftState)
}

func (p *Persister) ReadSnapshot() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.snapshot)
}

func (p *Persister) RaftStateSize() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.raftState)
}

func (p *Persister) SnapshotSize() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.snapshot)
}

// SaveRaftState is the name that older labs use.
func (p *Persister) SaveRaftState(raftState []byte) { p.Save(raftState, p.ReadSnapshot()) }

// SaveStateAndSnapshot is the name that older labs use.
func (p *Persister) SaveStateAndSnapshot(raftState []byte, snapshot []byte) {
	p.Save(raftState, snapshot)
}
