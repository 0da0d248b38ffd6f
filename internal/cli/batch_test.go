package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"nacre/fault"
)

func TestBatch(t *testing.T) {
	long := strings.Repeat("1", maxLine)
	for name, c := range map[string]struct{ in, out string }{
		"nothing":                {"", ""},
		"no line feed at last":   {"1.2\t1.3\n1.3\t1.2", "1.2\t1.3\t-1\n1.3\t1.2\t1\n"},
		"only a line feed":       {"\n", "\t\terror\tA and B expected, with a tab between\n"},
		"a carriage return":      {"1.2\t1.2\r\n", "1.2\t1.2\r\t0\n"},
		"bytes that are no text": {"1.2\t1\xff\xc3\n", "1.2\t1\xff\xc3\terror\tversion \"1\\xff\\xc3\": non-numeric data\n"},
		"the longest line":       {long[:maxLine-2] + "\t1\n", long[:maxLine-2] + "\t1\t1\n"},
		"a line that is longer":  {long + "1\n1.2\t1.3\n", "\t\terror\tline longer than 1048576 bytes\n1.2\t1.3\t-1\n"},
		"a last one that is":     {long + "1", "\t\terror\tline longer than 1048576 bytes\n"},
		"far longer":             {long + long + long + "\n", "\t\terror\tline longer than 1048576 bytes\n"},
	} {
		var out bytes.Buffer
		env := &Env{Stdin: strings.NewReader(c.in), Stdout: &out, Stderr: io.Discard, Getenv: func(string) string { return "" }}
		cmd := Program().Root(env)
		cmd.SetArgs([]string{"perlver", "compare", "--batch"})
		if err := cmd.Execute(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := out.String(); got != c.out {
			t.Errorf("%s: got %d bytes %.200q\nwant %d bytes %.200q", name, len(got), got, len(c.out), c.out)
		}
	}
}

func TestBatchAnswersBeforeTheNextQuestion(t *testing.T) {
	in, ask := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		env := &Env{Stdin: in, Stdout: out, Stderr: io.Discard, Getenv: func(string) string { return "" }}
		cmd := Program().Root(env)
		cmd.SetArgs([]string{"perlver", "compare", "--batch"})
		done <- cmd.Execute()
	}()
	for range 2 {
		if _, err := io.WriteString(ask, "1.2\t1.10\n"); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, len("1.2\t1.10\t1\n"))
		if _, err := io.ReadFull(answers, answer); err != nil || string(answer) != "1.2\t1.10\t1\n" {
			t.Fatalf("answer %q, %v", answer, err)
		}
	}
	ask.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestBatchThatCannotRead(t *testing.T) {
	var out bytes.Buffer
	env := &Env{
		Stdin:  io.MultiReader(strings.NewReader("1.2\t1.3\n1.2"), iotest.ErrReader(errors.New("cable cut"))),
		Stdout: &out, Stderr: io.Discard, Getenv: func(string) string { return "" },
	}
	cmd := Program().Root(env)
	cmd.SetArgs([]string{"perlver", "compare", "--batch"})
	err := cmd.ExecuteContext(context.Background())
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "cable cut") {
		t.Errorf("error %v", err)
	}
	if got := out.String(); got != "1.2\t1.3\t-1\n" {
		t.Errorf("answered %q", got)
	}
}
