package bench

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// collector collects garbage between events, when every goroutine waits. In between, a collection
// would stop whoever runs, at a moment that depends on the machine.
type collector struct {
	isOff  bool
	events int
	limit  uint64
	sample []metrics.Sample
}

const (
	eventsBetweenLooks = 64
	roomBytes          = 16 << 20
	// emergencyBytes in one event bring the collector of the library back.
	emergencyBytes = 1 << 30
)

// newCollector leaves the collector of the library alone where GOGC says what it is to do.
func newCollector() *collector {
	if os.Getenv("GOGC") != "" {
		return &collector{isOff: true}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(emergencyBytes)
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	return &collector{limit: roomBytes, sample: sample}
}

func (c *collector) collect() {
	c.events++
	if c.isOff || c.events%eventsBetweenLooks != 0 || c.bytes() < c.limit {
		return
	}
	runtime.GC()
	c.limit = 2*c.bytes() + roomBytes
}

func (c *collector) bytes() uint64 {
	metrics.Read(c.sample)
	return c.sample[0].Value.Uint64()
}
