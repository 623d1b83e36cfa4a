module raft

go 1.21
