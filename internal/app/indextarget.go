package app

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/internal/publish"
)

// targetFlags say where an index is published.
type targetFlags struct {
	to, endpoint, region string
	stable               bool
}

func (f *targetFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.to, "to", "", "where the releases are: a `DIR`, or s3://BUCKET/PREFIX")
	flags.StringVar(&f.endpoint, "endpoint", "https://s3.amazonaws.com", "of a bucket: the server's `ADDRESS`")
	flags.StringVar(&f.region, "region", "us-east-1", "of a bucket: where it is (`NAME`)")
	flags.BoolVar(&f.stable, "stable", false, "of a bucket: have the current files at its root, too")
}

func (f *targetFlags) target(env *Env, c *cobra.Command) (publish.Target, error) {
	bucket := strings.HasPrefix(f.to, "s3://")
	switch {
	case f.to == "":
		return nil, command.Usage(c, errors.New("--to TARGET is missing"))
	case strings.Contains(f.to, "://") && !bucket:
		return nil, command.Usage(c, errors.New("--to is a folder or s3://BUCKET/PREFIX"))
	case !bucket && f.stable:
		return nil, command.Usage(c, errors.New("--stable belongs to a bucket; of a folder, show what the link current leads to"))
	case !bucket:
		return &publish.Folder{Dir: f.to}, nil
	}
	b, err := publish.NewBucket(publish.Place{Address: f.to, Endpoint: f.endpoint, Region: f.region}, env.Getenv)
	if err != nil {
		return nil, err
	}
	b.Stable = f.stable
	return b, nil
}

const targetText = `A folder has the releases below releases/, and a link named current that leads
to the one which a web server shows. A bucket has them too, and current.json
names the one; with --stable its files are at the root as well, for a bucket
that is shown as it is. The credentials of a bucket are those of the
environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`
