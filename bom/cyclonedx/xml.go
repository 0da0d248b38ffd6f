package cyclonedx

import (
	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

func parseXML(b []byte) (*jsondoc.Node, string, error) {
	return nil, "", fault.New(fault.Invalid, "CycloneDX as XML is not read")
}

// WriteXML writes a bill as XML of a version.
func WriteXML(b *bom.Bill, version string) ([]byte, []bom.Loss, error) {
	return nil, nil, fault.New(fault.Invalid, "CycloneDX as XML is not written")
}
