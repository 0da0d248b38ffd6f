package command

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"nacre/fault"
)

// Build is what a binary knows about its own making.
type Build struct {
	Version  string `json:"version"`            // of the module, as Go derives it from the tag or the commit
	Commit   string `json:"commit,omitempty"`   // the full id
	Date     string `json:"date,omitempty"`     // of the commit, RFC 3339
	Modified bool   `json:"modified,omitempty"` // the tree held changes that are in no commit
	Go       string `json:"go"`
	Platform string `json:"platform"` // GOOS/GOARCH
}

// ThisBuild reads what the Go linker left in the running program. Nothing in
// it names the machine or the folder of the build.
func ThisBuild() Build {
	b := Build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func (p Program) version(env *Env) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "version",
		Short: "Show the version and how it was built",
		Example: fmt.Sprintf(`  %[1]s version
  %[1]s version --format json`, p.Name),
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := ThisBuild()
			switch format {
			case "text":
				printBuild(env, p.Name, b)
				return nil
			case "json":
				return json.NewEncoder(env.Stdout).Encode(b)
			}
			return fault.New(fault.Invalid, "version: no such format: %s", format).
				WithHint("use --format text or --format json")
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func printBuild(env *Env, name string, b Build) {
	fmt.Fprintln(env.Stdout, name, b.Version)
	if b.Commit != "" {
		modified := ""
		if b.Modified {
			modified = ", with changes"
		}
		fmt.Fprintf(env.Stdout, "commit %s of %s%s\n", b.Commit, b.Date, modified)
	}
	fmt.Fprintln(env.Stdout, b.Go, b.Platform)
}
