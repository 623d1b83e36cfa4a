//go:build !whitewater

package bench

import _ "unsafe" // for go:linkname

// nextWakeUp is when the next goroutine wakes up by itself, or earlier: what the scheduler knows.
//
//go:linkname nextWakeUp runtime.timeSleepUntil
func nextWakeUp() int64
