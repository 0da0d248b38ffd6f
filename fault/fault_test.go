package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"nacre/fault"
)

func TestKindAndHintSurviveWrapping(t *testing.T) {
	inner := fault.New(fault.NotFound, "no lock in %s", "x").WithHint("name a directory")
	err := fmt.Errorf("scan: %w", fault.Wrap(fault.Denied, inner, "open x"))
	if got := fault.KindOf(err); got != fault.Denied {
		t.Errorf("kind = %v, want denied: the outermost kind leads", got)
	}
	if got := fault.HintOf(err); got != "name a directory" {
		t.Errorf("hint = %q", got)
	}
	if got := err.Error(); got != "scan: open x: no lock in x" {
		t.Errorf("text = %q", got)
	}
}

func TestKindAndHintOfJoinedErrors(t *testing.T) {
	err := errors.Join(errors.New("disk"), fmt.Errorf("scan: %w", fault.New(fault.NotFound, "no lock").WithHint("name a directory")))
	if got := fault.KindOf(err); got != fault.NotFound {
		t.Errorf("kind = %v", got)
	}
	if got := fault.HintOf(err); got != "name a directory" {
		t.Errorf("hint = %q", got)
	}
	if got := fault.HintOf(nil); got != "" {
		t.Errorf("hint of nil = %q", got)
	}
}

func TestKindOfPlainErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want fault.Kind
		exit int
		http int
	}{
		{fault.New(fault.Invalid, "x"), fault.Invalid, 2, 400},
		{fmt.Errorf("open: %w", fs.ErrNotExist), fault.NotFound, 3, 404},
		{fs.ErrExist, fault.Conflict, 3, 409},
		{fs.ErrPermission, fault.Denied, 3, 403},
		{fmt.Errorf("disk"), fault.Unavailable, 3, 503},
		{context.Canceled, fault.Canceled, 3, 499},
	} {
		k := fault.KindOf(c.err)
		if k != c.want || k.ExitCode() != c.exit || k.HTTPStatus() != c.http {
			t.Errorf("%v: got %v exit %d http %d, want %v exit %d http %d", c.err, k, k.ExitCode(), k.HTTPStatus(), c.want, c.exit, c.http)
		}
	}
	if fault.KindOf(nil) != 0 {
		t.Error("nil has a kind")
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                      `""`,
		"a\x1b[2J\"\xff":        `"a\x1b[2J\"\xff"`,
		strings.Repeat("é", 40): `"` + strings.Repeat("é", 40) + `"`,
		strings.Repeat("a", 81): `"` + strings.Repeat("a", 80) + `"...`,
		strings.Repeat("日", 30): `"` + strings.Repeat("日", 26) + `\xe6\x97"...`,
	} {
		if got := fault.Quote(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
