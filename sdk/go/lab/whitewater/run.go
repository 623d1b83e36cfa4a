// Package whitewater puts a Raft in the shape of the labs on the Whitewater bench: Make, Start,
// GetState, Snapshot and applyCh, with goroutines, mutexes and time.Sleep as they are.
package whitewater

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"6.5840/bench"
	"6.5840/labrpc"
	"6.5840/raftapi"
	tester "6.5840/tester1"
)

// Raft is what Make returns.
type Raft interface {
	Start(command any) (index int, term int, isLeader bool)
	GetState() (term int, isLeader bool)
	Snapshot(index int, snapshot []byte)
}

// Options say what this Raft does.
type Options struct {
	Name string
	// ElectionMs are the bounds of its election timeouts, HeartbeatMs is how long a leader is silent.
	ElectionMs  [2]int
	HeartbeatMs int
	// Snapshots: Snapshot and snapshots on applyCh do something.
	Snapshots bool
}

// Run serves the bench. Each life of a server is a process of its own.
func Run[R Raft](
	options Options,
	newRaft func(peers []*labrpc.ClientEnd, me int, persister *tester.Persister, applyCh chan raftapi.ApplyMsg) R,
) {
	capabilities := bench.Capabilities{
		Durability:  "immediate",
		ElectionMs:  &options.ElectionMs,
		HeartbeatMs: options.HeartbeatMs,
		Claims:      true,
		Snapshots:   options.Snapshots,
		PollMs:      1,
	}
	newNode := func(
		peers []*labrpc.ClientEnd, me int, persister *tester.Persister, applyCh chan raftapi.ApplyMsg,
	) Raft {
		return newRaft(peers, me, persister, applyCh)
	}
	bench.Serve(options.Name, capabilities, &service{newRaft: newNode})
}

// service is what stands above Raft: it starts commands and applies what is committed.
type service struct {
	newRaft func([]*labrpc.ClientEnd, int, *tester.Persister, chan raftapi.ApplyMsg) Raft
	raft    Raft
	network *labrpc.Network
	claims  claims

	snapshotEvery int
	snapshotTaken chan []byte
	lastApplied   int
	// applied are the last commands that were applied, waiting the requests, both by index.
	applied map[int]string
	waiting map[int]request
}

type request struct{ id, op string }

// appliedKept bounds how long after its command was applied Start may return.
const appliedKept = 1_000

func (s *service) Start(start bench.Start) {
	self := start.Members[start.Index]
	s.network = labrpc.NewNetwork(self, start.Boot)
	s.network.Called = s.claims.noteCall
	s.snapshotEvery = start.SnapshotEvery
	s.snapshotTaken = make(chan []byte)
	s.applied = map[int]string{}
	s.waiting = map[int]request{}
	peers := make([]*labrpc.ClientEnd, len(start.Members))
	for i, member := range start.Members {
		peers[i] = s.network.End(member)
	}
	persister := tester.FromDisk(start.Disk)
	if snapshot := persister.ReadSnapshot(); len(snapshot) > 0 {
		s.restore(snapshot)
	}
	applyCh := make(chan raftapi.ApplyMsg)
	go func() {
		raft := s.newRaft(peers, start.Index, persister, applyCh)
		s.network.Serve(raft)
		s.raft = raft
	}()
	go s.apply(applyCh)
}

func (s *service) Message(from string, body json.RawMessage) { s.network.Deliver(from, body) }

func (s *service) Request(id, op string) {
	if s.raft == nil {
		respond(id, "redirect")
		return
	}
	go func() {
		index, _, isLeader := s.raft.Start(op)
		if !isLeader {
			respond(id, "redirect")
			return
		}
		if other, ok := s.waiting[index]; ok {
			respond(other.id, "unknown")
		}
		s.waiting[index] = request{id, op}
		if index <= s.lastApplied {
			s.answer(index, s.applied[index])
		}
	}()
}

func (s *service) apply(applyCh chan raftapi.ApplyMsg) {
	for message := range applyCh {
		if message.SnapshotValid {
			s.restore(message.Snapshot)
			continue
		}
		if !message.CommandValid {
			continue
		}
		index := message.CommandIndex
		op, ok := message.Command.(string)
		if !ok {
			fmt.Fprintf(os.Stderr, "applyCh: index %d is %T, and no command of a client\n", index, message.Command)
			continue
		}
		bench.Act(bench.Action{"kind": "apply", "op": op, "index": index})
		s.lastApplied = index
		s.applied[index] = op
		delete(s.applied, index-appliedKept)
		s.answer(index, op)
		if s.snapshotEvery > 0 && index%s.snapshotEvery == 0 {
			bench.Act(bench.Action{"kind": "takeSnapshot", "index": index})
			s.raft.Snapshot(index, <-s.snapshotTaken)
		}
	}
}

// answer tells the client who waits for this index what has become of it.
func (s *service) answer(index int, op string) {
	waiting, ok := s.waiting[index]
	if !ok {
		return
	}
	delete(s.waiting, index)
	if waiting.op == op {
		respond(waiting.id, "ok")
	} else {
		respond(waiting.id, "unknown")
	}
}

// stepDown tells all clients who wait that their leader leads no more.
func (s *service) stepDown() {
	indexes := []int{}
	for index := range s.waiting {
		indexes = append(indexes, index)
	}
	sort.Ints(indexes)
	for _, index := range indexes {
		respond(s.waiting[index].id, "unknown")
		delete(s.waiting, index)
	}
}

// snapshot is what the service gives to Raft: the state of the bench, and how far it goes.
type snapshot struct {
	Index int
	Ref   string
}

func (s *service) restore(data []byte) {
	var state snapshot
	if err := json.Unmarshal(data, &state); err != nil {
		panic(fmt.Sprintf("a snapshot is not what Snapshot(index, snapshot) was given: %v", err))
	}
	bench.Act(bench.Action{"kind": "restore", "index": state.Index, "ref": state.Ref})
	s.lastApplied = state.Index
}

func (s *service) SnapshotTaken(index int, ref string) {
	data, err := json.Marshal(snapshot{index, ref})
	if err != nil {
		panic(err)
	}
	go func() { s.snapshotTaken <- data }()
}

func (s *service) Admin(id string) { respond(id, "rejected") }

func respond(id, outcome string) {
	bench.Act(bench.Action{"kind": "respond", "id": id, "outcome": outcome})
}

func (s *service) Settled() {
	if s.raft != nil {
		s.claims.ask(s.raft)
	}
}

func (s *service) Finish() (before, behind []bench.Action) {
	before, behind, hasSteppedDown := s.claims.finish()
	if hasSteppedDown {
		s.stepDown()
	}
	return before, behind
}
