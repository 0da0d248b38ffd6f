package cli

import (
	"io"
	"os"

	"nacre/fault"
)

// replayed is the handler of a recorded stream of messages M: it remembers the
// summary that passes by, which holds the recorded status.
type replayed[M, S any] struct {
	handler interface{ Handle(M) error }
	last    func(M) *S // the summary, where a message is that
	summary S
}

func (r *replayed[M, S]) Handle(m M) error {
	if s := r.last(m); s != nil {
		r.summary = *s
	}
	return r.handler.Handle(m)
}

// openInput opens a file, or standard input for "-"; of what can not be opened
// the hint says what is wanted.
func openInput(env *Env, path, hint string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(env.Stdin), nil
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", path).WithHint("%s", hint)
	}
	return in, nil
}
