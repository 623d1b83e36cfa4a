package bench

import (
	"hash/fnv"
	"math"
	"time"
	_ "unsafe" // for go:linkname
)

//go:linkname nanotime runtime.nanotime
func nanotime() int64

// random is the state of all chance in the library. Without the edits nobody reads it.
//
//go:linkname random runtime.whitewaterRandom
var random uint64

const wakeUp = "wake"

// virtualClock moves the clock of all goroutines to the times of events. Between two events they
// wake up as they would, each at its time.
type virtualClock struct {
	// origin is the runtime's clock when the bench's was at 0.
	origin int64
	// wakeAt is when the timer of the bench is due: in its milliseconds, and by the runtime's clock.
	wakeAt   int64
	wakeNano int64
	isSet    bool
}

// begin seeds all chance, and the clock too: time.Now is a seed of many programs.
func (c *virtualClock) begin(nowMs int64, seed string) {
	hash := fnv.New64a()
	hash.Write([]byte(seed))
	random = hash.Sum64()
	time.Sleep(time.Duration(random % uint64(365*24*time.Hour)))
	c.origin = nanotime() - nowMs*int64(time.Millisecond)
}

func (c *virtualClock) moveTo(nowMs int64, isWakeUp bool) {
	target := c.origin + nowMs*int64(time.Millisecond)
	if isWakeUp {
		c.isSet = false
		// The bench rounds its time down: who is due within this millisecond is due.
		target = max(target, min(c.wakeNano, target+int64(time.Millisecond)))
	}
	if ahead := target - nanotime(); ahead > 0 {
		time.Sleep(time.Duration(ahead))
	}
}

// settle returns when every other goroutine waits: the clock moves for nobody before.
func (c *virtualClock) settle() { time.Sleep(1) }

// appendWakeUp asks the bench to come back when the next goroutine wakes up by itself.
func (c *virtualClock) appendWakeUp(actions []Action, nowMs int64) []Action {
	next := nextWakeUp()
	if next == math.MaxInt64 {
		if !c.isSet {
			return actions
		}
		c.isSet = false
		return append(actions, Action{"kind": "cancelTimer", "name": wakeUp})
	}
	const ms = int64(time.Millisecond)
	waitMs := max(1, (next-c.origin-nowMs*ms+ms-1)/ms)
	if c.isSet && c.wakeAt == nowMs+waitMs {
		c.wakeNano = next
		return actions
	}
	c.isSet, c.wakeAt, c.wakeNano = true, nowMs+waitMs, next
	return append(actions, Action{"kind": "setTimer", "name": wakeUp, "minMs": waitMs})
}
