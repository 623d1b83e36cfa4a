package whitewater

import (
	"reflect"
	"strings"

	"6.5840/bench"
)

// claims tell the bench who stands and who leads, from what GetState says and which calls are made.
type claims struct {
	// standsIn is the newest term in which this server has asked for votes.
	standsIn int
	isAsking bool
	term     int
	isLeader bool

	claimedTerm  int
	leadsClaimed bool
}

// noteCall looks for votes that are asked for: the field Term of the arguments says in which term.
func (c *claims) noteCall(method string, args any) {
	if !strings.HasSuffix(method, ".RequestVote") {
		return
	}
	if term := reflect.Indirect(reflect.ValueOf(args)).FieldByName("Term"); term.IsValid() && term.CanInt() {
		c.standsIn = max(c.standsIn, int(term.Int()))
	}
}

// ask asks on the side: somebody may hold the mutex of this server while it waits.
func (c *claims) ask(raft Raft) {
	if c.isAsking {
		return
	}
	c.isAsking = true
	go func() {
		c.term, c.isLeader = raft.GetState()
		c.isAsking = false
	}()
}

// finish has a candidacy before all that it has led to, and the rest behind.
func (c *claims) finish() (before, behind []bench.Action, hasSteppedDown bool) {
	leads := c.isLeader && !c.isAsking && c.term >= c.claimedTerm
	stands := c.standsIn
	if leads {
		stands = max(stands, c.term) // a server that is alone asks nobody
	}
	isNew := stands > c.claimedTerm
	hasSteppedDown = c.leadsClaimed && (isNew || !c.isAsking && !c.isLeader)
	if isNew {
		c.claimedTerm = stands
		before = append(before, claim("candidate", stands))
	}
	if leads && (isNew || !c.leadsClaimed) && c.term == c.claimedTerm {
		c.leadsClaimed = true
		behind = append(behind, claim("leader", c.term))
	} else if hasSteppedDown {
		c.leadsClaimed = false
		c.claimedTerm = max(c.claimedTerm, c.term)
		behind = append(behind, claim("follower", c.claimedTerm))
	}
	return before, behind, hasSteppedDown
}

func claim(role string, term int) bench.Action {
	return bench.Action{"kind": "claim", "role": role, "term": term}
}
