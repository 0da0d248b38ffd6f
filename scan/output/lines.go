package output

import (
	"encoding/json"
	"io"

	"nacre/scan"
)

// lines prints the stream as it comes, one JSON object a line.
type lines struct{ enc *json.Encoder }

func newLines(w io.Writer) Handler {
	enc := json.NewEncoder(inert{w})
	enc.SetEscapeHTML(false)
	return lines{enc}
}

func (l lines) Handle(m scan.Message) error { return l.enc.Encode(m) }

func (l lines) Close() error { return nil }
