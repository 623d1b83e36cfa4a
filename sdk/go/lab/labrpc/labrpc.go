// Package labrpc stands in for the package of this name in the labs: calls between servers. A call
// is a message, and so is its reply; either may be lost, late, or come twice, so that the method of
// the other server runs twice.
package labrpc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	"6.5840/bench"
	"6.5840/labgob"
)

// Timeout is how long a call waits for its reply, in the time of the bench.
var Timeout = 200 * time.Millisecond

// ClientEnd is the way to one server.
type ClientEnd struct {
	to      string
	network *Network
}

// Network connects this server with the others.
type Network struct {
	boot     int
	self     string
	receiver reflect.Value

	mu    sync.Mutex
	calls int
	// waiting has a channel for each call that waits for its reply.
	waiting map[string]chan []byte
	// Called is told the method of each call, and its arguments.
	Called func(method string, args any)
}

type envelope struct {
	RPC  string `json:"rpc"`
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Data []byte `json:"data"`
}

func NewNetwork(self string, boot int) *Network {
	return &Network{boot: boot, self: self, waiting: map[string]chan []byte{}}
}

func (n *Network) End(to string) *ClientEnd { return &ClientEnd{to, n} }

// Serve has the methods of this value called; calls that come before find nobody.
func (n *Network) Serve(receiver any) { n.receiver = reflect.ValueOf(receiver) }

// Call calls a method of the server, for example "Raft.RequestVote", with pointers to arguments and
// reply. It returns false when no reply has come in time: the method may have run or not.
func (e *ClientEnd) Call(svcMeth string, args any, reply any) bool {
	n := e.network
	if n.Called != nil {
		n.Called(svcMeth, args)
	}
	var data bytes.Buffer
	must(labgob.NewEncoder(&data).Encode(args))
	n.mu.Lock()
	n.calls++
	call := envelope{"call", fmt.Sprintf("%d.%d", n.boot, n.calls), svcMeth, data.Bytes()}
	answer := make(chan []byte, 1)
	n.waiting[call.ID] = answer
	n.mu.Unlock()
	n.send(e.to, call)
	timer := time.NewTimer(Timeout)
	defer timer.Stop()
	select {
	case data := <-answer:
		must(labgob.NewDecoder(bytes.NewReader(data)).Decode(reply))
		return true
	case <-timer.C:
		n.take(call.ID)
		return false
	}
}

// Deliver takes a message that has come from another server.
func (n *Network) Deliver(from string, body json.RawMessage) {
	var message envelope
	must(json.Unmarshal(body, &message))
	if message.RPC == "call" {
		go n.run(from, message)
	} else if answer := n.take(message.ID); answer != nil {
		answer <- message.Data
	}
}

// take returns nil for a reply that nobody waits for: it is late, comes twice, or is one to an
// earlier life.
func (n *Network) take(id string) chan []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	answer := n.waiting[id]
	delete(n.waiting, id)
	return answer
}

// run calls the method; the reply leaves when it returns.
func (n *Network) run(from string, call envelope) {
	if !n.receiver.IsValid() {
		return
	}
	name := call.Name[strings.LastIndexByte(call.Name, '.')+1:]
	method := n.receiver.MethodByName(name)
	if !method.IsValid() || method.Type().NumIn() != 2 {
		fmt.Fprintf(os.Stderr, "labrpc: there is no method %s(args, reply)\n", name)
		return
	}
	args := argumentOf(method.Type().In(0), call.Data)
	reply := reflect.New(method.Type().In(1).Elem())
	method.Call([]reflect.Value{args, reply})
	var data bytes.Buffer
	must(labgob.NewEncoder(&data).Encode(reply.Interface()))
	n.send(from, envelope{RPC: "reply", ID: call.ID, Data: data.Bytes()})
}

// argumentOf decodes the arguments for a method that takes them, or a pointer to them.
func argumentOf(wanted reflect.Type, data []byte) reflect.Value {
	plain := wanted
	if wanted.Kind() == reflect.Pointer {
		plain = wanted.Elem()
	}
	args := reflect.New(plain)
	must(labgob.NewDecoder(bytes.NewReader(data)).Decode(args.Interface()))
	if wanted == plain {
		return args.Elem()
	}
	return args
}

// send takes the short way where a server calls itself.
func (n *Network) send(to string, message envelope) {
	if to == n.self {
		body, err := json.Marshal(message)
		must(err)
		n.Deliver(n.self, body)
		return
	}
	about := message.Name
	if about == "" {
		about = "reply"
	}
	bench.Act(bench.Action{"kind": "send", "to": to, "body": message, "about": about})
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
