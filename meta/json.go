package meta

import (
	"io"

	"nacre/jsondoc"
	"nacre/limit"
)

// ReadJSON reads META.json or MYMETA.json: at most limit.Metadata bytes, to
// the end of r.
func ReadJSON(r io.Reader) (Meta, error) {
	b, err := limit.ReadAll(r, limit.Metadata, "metadata file size")
	if err != nil {
		return Meta{}, err
	}
	doc, err := jsondoc.Parse(b, jsondoc.Limits{Depth: maxDepth, Values: maxValues, Name: "metadata"})
	if err != nil {
		return Meta{}, err
	}
	return readTree(doc)
}
