package cyclonedx

import (
	"nacre/fault"
	"nacre/jsondoc"
)

func parseXML(b []byte) (*jsondoc.Node, string, error) {
	return nil, "", fault.New(fault.Invalid, "XML is not read")
}
