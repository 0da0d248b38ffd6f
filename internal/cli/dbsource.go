package cli

import (
	"context"
	"fmt"

	"nacre/internal/sources"
)

// readSources reads every path of --from. What a path is, its content says.
func readSources(ctx context.Context, env *Env, paths []string) (*sources.Result, error) {
	r := sources.Reader{Stop: true}
	if env.IsTerminal(env.Stderr) {
		r.Say = func(what string) { fmt.Fprintln(env.Stderr, "reading", what) }
	}
	read, err := r.Read(ctx, paths)
	if err != nil {
		return nil, err
	}
	for _, skipped := range read.Skipped {
		fmt.Fprintf(env.Stderr, "note: skipped %s, it holds no advisories\n", skipped)
	}
	return read, nil
}
