package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"nacre/fault"
)

// maxLine is the longest line of a batch in bytes, without its line feed.
const maxLine = 1 << 20

// errLongLine stands for a line that is not kept because of its length.
var errLongLine = fmt.Errorf("line longer than %d bytes", maxLine)

// batch answers questions, one a line of standard input, on standard output.
// Exactly one line feed is taken off a line; a last line may lack it. answer
// writes the whole answer with its line feed. Where tooLong is set the line
// could not be kept: it is empty, and the answer is this error. Answers are
// written out whenever no further question waits, so that a program at the
// other end may ask, read and ask again.
func batch(ctx context.Context, env *Env, answer func(w *bufio.Writer, line string, tooLong error)) error {
	in := bufio.NewReaderSize(env.Stdin, 64<<10)
	out := bufio.NewWriterSize(env.Stdout, 64<<10)
	for ctx.Err() == nil {
		line, tooLong, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errors.Join(out.Flush(), fault.Wrap(fault.Unavailable, err, "read standard input"))
		}
		answer(out, line, tooLong)
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	return errors.Join(out.Flush(), ctx.Err())
}

// readLine reads one line; io.EOF means that there is none.
func readLine(in *bufio.Reader) (line string, tooLong, err error) {
	var whole []byte
	for {
		part, err := in.ReadSlice('\n')
		part, ended := bytes.CutSuffix(part, []byte("\n"))
		switch {
		case tooLong != nil:
		case len(whole)+len(part) > maxLine:
			whole, tooLong = nil, errLongLine
		default:
			whole = append(whole, part...)
		}
		switch {
		case ended || errors.Is(err, io.EOF) && (len(whole) > 0 || tooLong != nil):
			return string(whole), tooLong, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return "", nil, err
		}
	}
}
