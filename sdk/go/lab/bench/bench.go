// Package bench speaks the node protocol of Whitewater for programs with goroutines. Time is that
// of the bench: it stands still until every goroutine waits, and then moves to the next event.
// Build with ../overlay.
package bench

import (
	"encoding/json"
	"sync"
)

// Capabilities of programs with goroutines.
type Capabilities struct {
	Durability  string  `json:"durability"`
	ElectionMs  *[2]int `json:"electionMs,omitempty"`
	HeartbeatMs int     `json:"heartbeatMs,omitempty"`
	Claims      bool    `json:"claims"`
	Snapshots   bool    `json:"snapshots"`
	// PollMs tells that timers are sleeps.
	PollMs int `json:"pollMs"`
}

// Handler takes events. It must not block: what may wait goes into a goroutine.
type Handler interface {
	Start(start Start)
	Message(from string, body json.RawMessage)
	Request(id, op string)
	SnapshotTaken(index int, ref string)
	Admin(id string)
	// Settled is called when every goroutine waits, with what this event has led to so far. It may
	// start goroutines that do not sleep.
	Settled()
	// Finish is called when these wait too, for what goes before and behind all other actions.
	Finish() (before, behind []Action)
}

// Start is the first boot, or a restart.
type Start struct {
	Index         int
	Members       []string
	Boot          int
	Disk          Values
	SnapshotEvery int
}

// Values are what was put on disk.
type Values map[string]json.RawMessage

// Bytes are nil when nothing was put under the key.
func (v Values) Bytes(key string) (value []byte) {
	if text, ok := v[key]; ok {
		must(json.Unmarshal(text, &value))
	}
	return value
}

// Action is one action of the protocol.
type Action map[string]any

var (
	mu        sync.Mutex
	actions   []Action
	lastWrite int
)

// Act adds an action to what the present event makes this server do. Any goroutine may call it.
func Act(action Action) {
	mu.Lock()
	defer mu.Unlock()
	actions = append(actions, action)
}

// Put saves values, byte slices or what JSON can carry, all or none of them.
func Put(values map[string]any) {
	mu.Lock()
	defer mu.Unlock()
	lastWrite++
	write := map[string]any{"put": values}
	actions = append(actions, Action{"kind": "persist", "id": lastWrite, "write": write})
}

func takeActions() []Action {
	mu.Lock()
	defer mu.Unlock()
	taken := actions
	actions = nil
	return taken
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
