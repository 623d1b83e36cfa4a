package bench

import (
	"encoding/json"
	"os"
	"runtime"
)

type event struct {
	N       int
	Kind    string
	Now     int64
	Seed    string
	Index   int
	Members []string
	Boot    int
	Durable map[string]struct{ Values Values }
	Config  struct{ SnapshotEvery int }
	From    string
	Body    json.RawMessage
	ID      string
	Command struct{ Op string }
	Ref     string
}

type ready struct {
	Ready        int          `json:"ready"`
	Name         string       `json:"name"`
	Capabilities Capabilities `json:"capabilities"`
}

type done struct {
	Done    int      `json:"done"`
	Actions []Action `json:"actions"`
}

// notReplayable names the Go release that the edits do not fit, if so; set by the linker.
var notReplayable string

// Serve answers events until the bench closes stdin.
func Serve(name string, capabilities Capabilities, handler Handler) {
	runtime.GOMAXPROCS(1)
	if notReplayable != "" {
		name += " (recorded, not replayable: " + notReplayable + ")"
	}
	lines := takeStreams()
	garbage := newCollector()
	var clock virtualClock
	for {
		line := lines.read()
		if line == nil {
			os.Exit(0)
		}
		var e event
		must(json.Unmarshal(line, &e))
		if e.Kind == "hello" {
			lines.write(ready{1, name, capabilities})
			continue
		}
		if e.Kind == "start" {
			clock.begin(e.Now, e.Seed)
		} else {
			clock.moveTo(e.Now, e.Kind == "timer")
		}
		handle(&e, handler)
		clock.settle()
		handler.Settled()
		clock.settle()
		before, behind := handler.Finish()
		all := append(append(append([]Action{}, before...), takeActions()...), behind...)
		lines.write(done{e.N, clock.appendWakeUp(all, e.Now)})
		garbage.collect()
	}
}

func handle(e *event, handler Handler) {
	switch e.Kind {
	case "start":
		handler.Start(Start{
			Index:         e.Index,
			Members:       e.Members,
			Boot:          e.Boot,
			Disk:          e.Durable["main"].Values,
			SnapshotEvery: e.Config.SnapshotEvery,
		})
	case "message":
		handler.Message(e.From, e.Body)
	case "request":
		handler.Request(e.ID, e.Command.Op)
	case "snapshotTaken":
		handler.SnapshotTaken(e.Index, e.Ref)
	case "admin":
		handler.Admin(e.ID)
	}
}
