package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/fetch"
	"nacre/limit"
)

// Bucket is a folder of releases in a bucket that is spoken to as S3.
type Bucket struct {
	// Stable has the files of the current release at the root, too.
	Stable bool

	client *minio.Core
	bucket string
	root   string // of all keys: "" or a prefix that ends with a slash
}

// Place is where a bucket is and how to speak to it.
type Place struct {
	// Address is s3://bucket or s3://bucket/prefix.
	Address string
	// Endpoint is the server's address, https, or http of this machine itself.
	Endpoint string
	Region   string
	// Retries is how often a request is sent before it has failed; 0 chooses.
	Retries int
}

// responseTime is how long a server may take to begin an answer.
const responseTime = 60 * time.Second

// NewBucket gives a bucket. The credentials are those of the environment:
// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where there is one,
// AWS_SESSION_TOKEN.
func NewBucket(p Place, getenv func(string) string) (*Bucket, error) {
	at, err := url.Parse(p.Address)
	if err != nil || at.Scheme != "s3" || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return nil, fault.New(fault.Invalid, "address %.100q is not one of a bucket", p.Address).
			WithHint("it looks like s3://bucket/prefix")
	}
	root := strings.Trim(at.Path, "/")
	if root != "" {
		if err := manifest.CheckPath(root); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "address %.100q", p.Address)
		}
		root += "/"
	}
	if err := fetch.CheckURL(p.Endpoint); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "endpoint").WithHint("it looks like https://s3.example.org")
	}
	server, err := url.Parse(p.Endpoint)
	if err != nil || strings.Trim(server.Path, "/") != "" || server.RawQuery != "" || server.Fragment != "" {
		return nil, fault.New(fault.Invalid, "endpoint %.100q is not the address of a server", p.Endpoint).
			WithHint("it looks like https://s3.example.org")
	}
	id, secret := getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY")
	if id == "" || secret == "" {
		return nil, fault.New(fault.Denied, "no credentials for %s", p.Address).
			WithHint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	}
	transport, err := minio.DefaultTransport(server.Scheme == "https")
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "speak to %s", p.Endpoint)
	}
	transport.ResponseHeaderTimeout = responseTime
	client, err := minio.NewCore(server.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(id, secret, getenv("AWS_SESSION_TOKEN")),
		Secure: server.Scheme == "https", Transport: transport, Region: p.Region, MaxRetries: p.Retries,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "speak to %s", p.Endpoint)
	}
	return &Bucket{client: client, bucket: at.Host, root: root}, nil
}

// currentObject names the current release, below the root.
const currentObject = "current.json"

// currentSchema is the format of current.json.
const currentSchema = "nacre.current/1"

// pointer is current.json.
type pointer struct {
	Schema   string `json:"schema"`
	Release  string `json:"release"`
	Path     string `json:"path"` // from the place of current.json, "releases/42-e3b0c44298fc/"
	Sequence uint64 `json:"sequence"`
	SHA256   string `json:"sha256"` // of its manifest.json
}

const maxPointer = 4 << 10

func (b *Bucket) release(name string) string { return b.root + releasesName + "/" + name + "/" }

// apart has nothing to refuse: no folder is around a bucket.
func (b *Bucket) apart(*Built) error { return nil }

// lock does nothing: buckets have no lock that all servers know.
func (b *Bucket) lock() (func() error, error) { return func() error { return nil }, nil }

// failed is the error of a request.
func failed(err error, what string) error {
	kind := fault.Unavailable
	hint := "try again: what was uploaded stays, and the rest follows"
	switch r := minio.ToErrorResponse(err); {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		kind = fault.Canceled
	case r.Code == minio.NoSuchKey || r.StatusCode == http.StatusNotFound && r.Code != minio.NoSuchBucket:
		kind = fault.NotFound
	case r.Code == minio.NoSuchBucket:
		kind, hint = fault.NotFound, "make the bucket, or name another"
	case r.StatusCode == http.StatusForbidden:
		kind, hint = fault.Denied, "check the credentials in the environment, and what they may do"
	}
	return fault.Wrap(kind, err, "%s", what).WithHint("%s", hint)
}

// get reads a small object.
func (b *Bucket) get(ctx context.Context, key string, size int64, bound string) ([]byte, error) {
	in, _, _, err := b.client.GetObject(ctx, b.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, failed(err, "read "+key)
	}
	defer in.Close()
	return limit.ReadAll(in, size, bound)
}

// current is the current release's name, "" where there is none.
func (b *Bucket) current(ctx context.Context) (string, error) {
	text, err := b.get(ctx, b.root+currentObject, maxPointer, "size of current.json")
	if fault.KindOf(err) == fault.NotFound && minio.ToErrorResponse(errors.Unwrap(err)).Code != minio.NoSuchBucket {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	name, err := parsePointer(text)
	if err != nil {
		return "", fault.Wrap(fault.Conflict, err, "read %s", b.root+currentObject).
			WithHint("name another prefix, or remove that object")
	}
	return name, nil
}

// parsePointer reads the name of a release in current.json.
func parsePointer(text []byte) (string, error) {
	var p pointer
	if err := json.Unmarshal(text, &p); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "not %s", currentSchema)
	}
	if p.Schema != currentSchema {
		return "", fault.New(fault.Invalid, "schema is %.60q, not %s", p.Schema, currentSchema)
	}
	if _, ok := parseName(p.Release); !ok {
		return "", fault.New(fault.Invalid, "%.60q is no release", p.Release)
	}
	return p.Release, nil
}

// Releases lists the releases that are whole, newest first: those that have a
// note, which is written last.
func (b *Bucket) Releases(ctx context.Context) ([]Release, error) {
	now, err := b.current(ctx)
	if err != nil {
		return nil, err
	}
	found, rolled, err := b.list(ctx)
	if err != nil {
		return nil, err
	}
	var all []Release
	for _, r := range found {
		note, err := b.get(ctx, b.release(r.Name)+manifest.SealName, manifest.MaxNote, "note size")
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if s, _, err := manifest.OpenUnsigned(note, nil); err == nil {
			r.Built, r.Expires = s.Built, s.Expires
		}
		r.Current, r.RolledBack = r.Name == now, rolled[r.Name]
		all = append(all, r)
	}
	newestFirst(all)
	return all, nil
}

// list gives all that is named like a release, whole or not, and the names that are
// marked.
func (b *Bucket) list(ctx context.Context) (found []Release, rolled map[string]bool, err error) {
	rolled = map[string]bool{}
	for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.root + releasesName + "/"}) {
		if o.Err != nil {
			return nil, nil, failed(o.Err, "list the releases")
		}
		name := strings.TrimPrefix(o.Key, b.root+releasesName+"/")
		if of, ok := strings.CutSuffix(name, rolledMark); ok {
			rolled[of] = true
		} else if r, ok := parseName(strings.TrimSuffix(name, "/")); ok {
			found = append(found, r)
		}
	}
	return found, rolled, nil
}

// clean removes what has no note.
func (b *Bucket) clean(ctx context.Context) error {
	found, _, err := b.list(ctx)
	if err != nil {
		return err
	}
	whole, err := b.Releases(ctx)
	if err != nil {
		return err
	}
	for _, r := range found {
		if !slices.ContainsFunc(whole, func(w Release) bool { return w.Name == r.Name }) {
			if err := b.remove(ctx, r.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *Bucket) open(name string) manifest.Open {
	return func(ctx context.Context, path string) (io.ReadCloser, error) {
		in, _, _, err := b.client.GetObject(ctx, b.bucket, b.release(name)+path, minio.GetObjectOptions{})
		if err != nil {
			return nil, failed(err, "read "+path)
		}
		return in, nil
	}
}

// renew writes the notes, which make the release whole.
func (b *Bucket) renew(ctx context.Context, name string, x *manifest.Index) error {
	return b.putNotes(ctx, b.release(name), x)
}

// putNotes writes the notes below a prefix where they are not there already.
func (b *Bucket) putNotes(ctx context.Context, prefix string, x *manifest.Index) error {
	for _, e := range notes(x) {
		info, err := b.client.StatObject(ctx, b.bucket, prefix+e.path, minio.StatObjectOptions{})
		if err == nil && info.ETag == tagOf(e.data) {
			continue
		}
		if err := b.upload(ctx, prefix+e.path, e.data, headerOf(e.path)); err != nil {
			return err
		}
	}
	return nil
}

// use names a release in current.json.
func (b *Bucket) use(ctx context.Context, name string, x *manifest.Index, seen Seen) error {
	p := pointer{currentSchema, name, releasesName + "/" + name + "/", x.Seal.Sequence, x.Seal.SHA256}
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if old, err := b.get(ctx, b.root+currentObject, maxPointer, "size of current.json"); err != nil || !bytes.Equal(old, text) {
		if err := b.upload(ctx, b.root+currentObject, text, headerOf(currentObject)); err != nil {
			return err
		}
	}
	if b.Stable {
		return b.stable(ctx, name, x, seen)
	}
	return nil
}

func (b *Bucket) mark(ctx context.Context, name string, rolledBack bool) error {
	key := strings.TrimSuffix(b.release(name), "/") + rolledMark
	if rolledBack {
		return b.upload(ctx, key, []byte("rolled back\n"), header{kind: "text/plain"})
	}
	if err := b.client.RemoveObject(ctx, b.bucket, key, minio.RemoveObjectOptions{}); err != nil {
		return failed(err, "remove "+key)
	}
	return nil
}

// remove takes the note away first: a part of a release is none.
func (b *Bucket) remove(ctx context.Context, name string) error {
	if err := b.client.RemoveObject(ctx, b.bucket, b.release(name)+manifest.SealName, minio.RemoveObjectOptions{}); err != nil {
		return failed(err, "remove "+name)
	}
	var broken error
	objects := func(yield func(minio.ObjectInfo) bool) {
		for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.release(name), Recursive: true}) {
			if o.Err != nil {
				broken = o.Err
				return
			}
			if !yield(o) {
				return
			}
		}
	}
	results, err := b.client.RemoveObjectsWithIter(ctx, b.bucket, objects, minio.RemoveObjectsOptions{})
	if err != nil {
		return failed(err, "remove "+name)
	}
	for r := range results {
		if r.Err != nil {
			broken = r.Err
		}
	}
	if broken != nil {
		return failed(broken, "remove "+name)
	}
	return b.mark(ctx, name, false)
}
