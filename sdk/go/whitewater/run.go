package whitewater

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Run serves the bench until it closes stdin. Every start makes a new node.
func Run(name string, capabilities Capabilities, newNode func() Node) {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<16), os.Stdout
	os.Stdout = os.Stderr
	var node Node
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			panic(err)
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			panic(err)
		}
		var answer any
		if e.Kind == "hello" {
			answer = ready{1, name, struct {
				Reset bool `json:"reset"`
				Capabilities
			}{true, capabilities}}
		} else {
			if e.Kind == "start" {
				node = newNode()
				node.server().explicit = capabilities.Durability == "explicit"
			}
			answer = answerTo(node, &e)
		}
		if _, err := out.Write(append(encoded(answer), '\n')); err != nil {
			return
		}
	}
}

type ready struct {
	Ready        int    `json:"ready"`
	Name         string `json:"name"`
	Capabilities any    `json:"capabilities"`
}

type done struct {
	Done    int      `json:"done"`
	Actions []action `json:"actions"`
}

type failed struct {
	Done  int    `json:"done"`
	Error string `json:"error"`
}

// event has the fields of all kinds of events.
type event struct {
	N        int
	Kind     string
	Now      int64
	Self     string
	Members  []string
	Boot     int
	Durable  map[string]Disk
	Config   Config
	From     string
	Body     json.RawMessage
	Name     string
	ID       json.RawMessage
	Command  struct{ Op string }
	ReadOnly bool
	Error    string
	Index    int
	Ref      string
	Change   Change
}

// answerTo is all that one event makes the node do. A panic is an answer too.
func answerTo(node Node, e *event) (answer any) {
	defer func() {
		if problem := recover(); problem != nil {
			text := fmt.Sprintf("panic: %v%s", problem, place())
			fmt.Fprintln(os.Stderr, text)
			answer = failed{e.N, text}
		}
	}()
	s := node.server()
	s.Now = e.Now
	s.actions = []action{}
	handle(node, s, e)
	return done{e.N, s.actions}
}

func handle(node Node, s *Server, e *event) {
	switch e.Kind {
	case "start":
		s.Me, s.Members, s.Boot, s.Config = e.Self, e.Members, e.Boot, e.Config
		for _, member := range e.Members {
			if member != e.Self {
				s.Peers = append(s.Peers, member)
			}
		}
		disk, ok := e.Durable["main"]
		if !ok {
			disk.FirstIndex = 1
		}
		node.Start(disk)
	case "message":
		node.Message(e.From, e.Body)
	case "timer":
		node.Timer(e.Name)
	case "request":
		node.Request(Request{text(e.ID), e.Command.Op, e.ReadOnly})
	case "persisted":
		id := number(e.ID)
		s.lastSafe = max(s.lastSafe, id)
		for len(s.waiting) > 0 && s.waiting[0].write <= s.lastSafe {
			then := s.waiting[0].then
			s.waiting = s.waiting[1:]
			then()
		}
		node.Persisted(id)
	case "persistFailed":
		node.PersistFailed(number(e.ID), e.Error)
	case "snapshotTaken":
		node.SnapshotTaken(e.Index, e.Ref)
	case "admin":
		node.Admin(text(e.ID), e.Change)
	}
}

func text(id json.RawMessage) (text string) {
	if err := json.Unmarshal(id, &text); err != nil {
		panic(err)
	}
	return text
}

func number(id json.RawMessage) (number int) {
	if err := json.Unmarshal(id, &number); err != nil {
		panic(err)
	}
	return number
}

// place is where the panic came from: the innermost line outside the library and this package.
func place() string {
	callers := make([]uintptr, 50)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	frame, more := frames.Next() // runtime.Callers itself
	library := strings.TrimSuffix(frame.File, "runtime/extern.go")
	for more {
		frame, more = frames.Next()
		// This package is known by its last word: it may have been copied into any module.
		isOwn := strings.Contains(frame.Function, "/whitewater.")
		if !isOwn && !strings.HasPrefix(frame.File, library) {
			return fmt.Sprintf(" (%s:%d)", filepath.Base(frame.File), frame.Line)
		}
	}
	return ""
}
