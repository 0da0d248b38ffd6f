package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/api"
	"nacre/internal/command"
	"nacre/internal/snapshot"
	"nacre/internal/upload"
	"nacre/internal/web"
)

func newServe(env *Env) *cobra.Command {
	var config string
	var check bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the index: its pages, an API, a form that scans",
		Long: `Hold one built index in memory and answer requests for it: every file of it, an
API (docs/formats/api.md), and a form that scans a posted file. With sources it
builds the index itself, every so often; without, it reads the folder again, so
that a nightly job may build it. A SIGHUP does either at once. What cannot be
built or read leaves the index that is served as it is.

Every setting is one key of a YAML file and one variable of the environment,
which wins; docs/serve.md lists them with what is usual. TLS is for a proxy in
front.`,
		Example: "  nacred serve --config examples/nacred.yaml --check",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := openSettings(config, env)
			if err != nil {
				return err
			}
			var all []stray
			if env.Environ != nil {
				all = strays(c, env.Environ())
			}
			if check {
				for _, one := range all {
					if !one.other {
						return fault.New(fault.Invalid, "settings of the environment: %s", one).WithHint("%s", meant(one.near))
					}
					fmt.Fprintf(env.Stderr, "note: %s\n", one)
				}
				fmt.Fprintf(env.Stdout, "%s: in order; serves %s at %s\n", whence(config), s.index, s.listen)
				return nil
			}
			return serveIndex(c.Context(), env, s, all)
		},
	}
	c.Flags().SortFlags = false
	c.Flags().StringVar(&config, "config", "", "read settings from this `FILE`")
	c.Flags().BoolVar(&check, "check", false, "only say whether the settings are in order")
	return c
}

func whence(config string) string {
	if config == "" {
		return "the environment"
	}
	return config
}

// openSettings reads the file of settings, where there is one, and the environment.
func openSettings(config string, env *Env) (*settings, error) {
	var in io.Reader
	if config != "" {
		f, err := os.Open(config)
		if err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "read settings").WithHint("examples/nacred.yaml is a file that works")
		}
		defer f.Close()
		in = f
	}
	s, err := readServeSettings(in, env.Getenv)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "settings of %s", whence(config))
	}
	return s, nil
}

// folder is a source of snapshots: a folder, built first where there are sources.
type folder struct {
	s   *settings
	env *Env
	log *slog.Logger
}

// Rebuild builds and reads the folder. An index that was refused is still there as it
// was, with a page of health that says so, and is read like any other. What a build
// could not do at all is an error, and, where nothing is served yet, hides no index
// that is in the folder.
func (f folder) Rebuild(ctx context.Context, before *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	var failed error
	if len(f.s.sources) > 0 {
		failed = f.build(ctx)
	}
	if failed != nil && before != nil {
		return nil, failed
	}
	if failed != nil {
		f.log.Error("the index could not be built, and is served as it is", "error", failed.Error())
	}
	root, err := os.OpenRoot(f.s.index)
	if err != nil {
		if failed != nil {
			return nil, failed
		}
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index").WithHint("nacred index build makes one")
	}
	defer root.Close()
	return snapshot.Load(ctx, root.FS(), before)
}

func (f folder) build(ctx context.Context) error {
	b, err := f.s.builder(f.env)
	if err != nil {
		return err
	}
	b.Ask = func(address string) { f.log.Info("contacting", "address", address) }
	r, err := b.Build(ctx)
	if err != nil {
		return err
	}
	if r.Refused != "" {
		f.log.Error("the index stays as it is", "reason", r.Refused)
		return nil
	}
	for _, said := range r.Kept {
		f.log.Warn("a copy of a source is used", "reason", said)
	}
	f.log.Info("built", "sequence", r.Manifest.Sequence, "advisories", r.Manifest.Counts.Advisories, "unchanged", r.Unchanged)
	return nil
}

// serveIndex serves until the program is told to stop.
func serveIndex(ctx context.Context, env *Env, s *settings, strays []stray) error {
	log := slog.New(slog.NewJSONHandler(env.Stderr, nil))
	for _, one := range strays {
		log.Warn("a variable of the environment is not used", "reason", one.String(), "hint", meant(one.near))
	}
	version := command.ThisBuild().Version
	keeper := snapshot.NewKeeper(folder{s, env, log}, env.Now)
	scanner := &upload.Scanner{Tool: "nacred " + version, Now: env.Now, Time: s.scanTime, Places: upload.NewPlaces(s.scans)}
	a, err := api.New(api.Options{Keeper: keeper, Scanner: scanner, Version: version, MaxQuery: s.maxQuery, MaxUpload: s.limits.MaxUpload})
	if err != nil {
		return err
	}
	var requests io.Writer
	if s.requests {
		lines := web.NewLines(env.Stderr)
		defer lines.Flush() //nolint:errcheck // there is nobody left to tell
		requests = lines
	}
	server, err := web.New(web.Options{
		Keeper: keeper, API: a, Document: a.Document(), Scanner: scanner, Site: s.site, Now: env.Now, Log: log,
		Requests: requests, Addresses: s.addresses, Proxies: s.proxies, Metrics: s.metrics, Limits: s.limits,
	})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", s.listen)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "serve").WithHint("set listen to an address and a port that are free")
	}
	if env.Hold != nil {
		env.Hold(s.limits.Grace)
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	now := make(chan struct{})
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
			}
			select { // while an index is built, one more is enough
			case now <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	tell := func(err error) {
		if err != nil {
			log.Error("the index could not be loaded; what was loaded before is served", "error", err.Error(), "hint", fault.HintOf(err))
			return
		}
		of := keeper.Current()
		files, size := of.Len()
		log.Info("loaded", "day", of.Manifest.Day, "sequence", of.Manifest.Sequence, "files", files, "bytes", size)
		runtime.GC() // what was read to load is more than what stays
	}
	go func() { // requests are told to come back until there is an index
		tell(keeper.Reload(ctx))
		keeper.Run(ctx, s.every, now, tell)
	}()
	log.Info("listening", "address", l.Addr().String(), "version", version)
	return server.Serve(ctx, l)
}
