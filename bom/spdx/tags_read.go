package spdx

import (
	"nacre/fault"
	"nacre/jsondoc"
)

func parseTags(b []byte) (*jsondoc.Node, error)       { return nil, fault.New(fault.Invalid, "not yet") }
func formatTags(n *jsondoc.Node) ([]byte, []struct{}) { return nil, nil }
