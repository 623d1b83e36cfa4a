// Package labgob stands in for the package of this name in the labs: encoding/gob, under its names.
package labgob

import (
	"encoding/gob"
	"io"
)

type LabEncoder struct{ gob *gob.Encoder }

func NewEncoder(w io.Writer) *LabEncoder { return &LabEncoder{gob.NewEncoder(w)} }

func (e *LabEncoder) Encode(value any) error { return e.gob.Encode(value) }

type LabDecoder struct{ gob *gob.Decoder }

func NewDecoder(r io.Reader) *LabDecoder { return &LabDecoder{gob.NewDecoder(r)} }

func (d *LabDecoder) Decode(value any) error { return d.gob.Decode(value) }

func Register(value any) { gob.Register(value) }

func RegisterName(name string, value any) { gob.RegisterName(name, value) }
