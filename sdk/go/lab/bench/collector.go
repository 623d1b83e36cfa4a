package bench

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// collector collects garbage between events, when every goroutine waits. In between, a collection
// would stop whoever runs, at a moment that depends on the machine.
type collector struct {
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

func newCollector() *collector {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(emergencyBytes)
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	return &collector{limit: roomBytes, sample: sample}
}

func (c *collector) collect() {
	c.events++
	if c.events%eventsBetweenLooks != 0 || c.bytes() < c.limit {
		return
	}
	runtime.GC()
	c.limit = 2*c.bytes() + roomBytes
}

func (c *collector) bytes() uint64 {
	metrics.Read(c.sample)
	return c.sample[0].Value.Uint64()
}
