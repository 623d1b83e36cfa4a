package main

import (
	"6.5840/raft1"
	"6.5840/whitewater"
)

func main() {
	whitewater.Run(whitewater.Options{
		Name:        "lab Raft in Go",
		ElectionMs:  [2]int{300, 600},
		HeartbeatMs: 100,
		Snapshots:   true,
	}, raft.Make)
}
