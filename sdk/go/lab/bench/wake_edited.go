//go:build whitewater

package bench

import _ "unsafe" // for go:linkname

// nextWakeUp is when the next goroutine wakes up by itself: nanoseconds of the runtime's clock, or the
// largest number. The edits of the library bring it.
//
//go:linkname nextWakeUp runtime.whitewaterNextWakeUp
func nextWakeUp() int64
