package publish

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // what S3 calls the state of an object; the manifest has SHA-256
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"

	"nacre/index/manifest"
)

// tagOf is the tag that S3 gives an object of these bytes which came in one piece.
// A server that has tags of its own makes nothing wrong, only slower.
func tagOf(data []byte) string {
	sum := md5.Sum(data) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

// tags are the tags of all objects below a prefix, by the rest of their keys. Skip
// is a folder in it that is left out, "" for none.
func (b *Bucket) tags(ctx context.Context, prefix, skip string) (map[string]string, error) {
	all := map[string]string{}
	folders := []string{prefix}
	for len(folders) > 0 {
		folder := folders[0]
		folders = folders[1:]
		// Only the first level is listed by its folders, where one is left out.
		options := minio.ListObjectsOptions{Prefix: folder, Recursive: folder != prefix || skip == ""}
		for o := range b.client.ListObjectsIter(ctx, b.bucket, options) {
			switch {
			case o.Err != nil:
				return nil, failed(o.Err, "list "+folder)
			case strings.HasSuffix(o.Key, "/"):
				if o.Key != prefix+skip {
					folders = append(folders, o.Key)
				}
			default:
				all[strings.TrimPrefix(o.Key, prefix)] = strings.Trim(o.ETag, `"`)
			}
		}
	}
	return all, nil
}

// upload sends an object in one request that is signed with its digest, so that the
// server refuses what has changed on the way. The client's other ways to send one
// leave a Content-Encoding behind on some servers.
func (b *Bucket) upload(ctx context.Context, key string, data []byte, h header) error {
	sum, tag := sha256.Sum256(data), md5.Sum(data) //nolint:gosec // see the import
	_, err := b.client.PutObject(ctx, b.bucket, key, bytes.NewReader(data), int64(len(data)),
		base64.StdEncoding.EncodeToString(tag[:]), hex.EncodeToString(sum[:]), minio.PutObjectOptions{
			ContentType: h.kind, CacheControl: h.cache, DisableContentSha256: true,
		})
	if err != nil {
		return failed(err, "write "+key)
	}
	return nil
}

func (b *Bucket) copy(ctx context.Context, from, to string) error {
	_, err := b.client.Client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: b.bucket, Object: to}, minio.CopySrcOptions{Bucket: b.bucket, Object: from})
	if err != nil {
		return failed(err, "write "+to)
	}
	return nil
}

// requests is how many a server is sent at once: most of the time of each is spent
// on the way.
const requests = 16

// put uploads what is neither there nor in the release before, from which the
// server copies it. The notes are not among it.
func (b *Bucket) put(ctx context.Context, built *Built, name, before string, seen Seen) (Written, error) {
	to := b.release(name)
	there, err := b.tags(ctx, to, "")
	if err != nil {
		return Written{}, err
	}
	var old map[string]string
	if before != "" && before != name {
		if old, err = b.tags(ctx, b.release(before), ""); err != nil {
			return Written{}, err
		}
	}
	return each(ctx, built.Index.Manifest.Files, requests, seen, func(f manifest.File) (how, error) {
		data, err := built.read(f)
		if err != nil {
			return written, err
		}
		switch tag := tagOf(data); tag {
		case there[f.Path]:
			return kept, nil
		case old[f.Path]:
			return shared, b.copy(ctx, b.release(before)+f.Path, to+f.Path)
		}
		return written, b.upload(ctx, to+f.Path, data, headerOf(f.Path))
	})
}

// stable copies the files of a release to the root, in the order that the package
// comment promises.
func (b *Bucket) stable(ctx context.Context, name string, x *manifest.Index, seen Seen) error {
	from, err := b.tags(ctx, b.release(name), "")
	if err != nil {
		return err
	}
	there, err := b.tags(ctx, b.root, releasesName+"/")
	if err != nil {
		return err
	}
	steps := map[int][]manifest.File{}
	for _, f := range x.Manifest.Files {
		tag, exists := there[f.Path]
		if exists && tag == from[f.Path] {
			continue
		}
		step := rank(f.Path)
		if exists {
			step += ranks
		}
		steps[step] = append(steps[step], f)
	}
	for step := range 2 * ranks {
		_, err := each(ctx, steps[step], requests, seen, func(f manifest.File) (how, error) {
			return written, b.copy(ctx, b.release(name)+f.Path, b.root+f.Path)
		})
		if err != nil {
			return err
		}
	}
	return b.putNotes(ctx, b.root, x)
}

// ranks is how many ranks there are.
const ranks = 4

// rank says when a file comes: after all that it leads to.
func rank(path string) int {
	top, _, below := strings.Cut(path, "/")
	switch {
	case top == "assets" && path != "assets/search.json":
		return 0
	case slices.Contains([]string{"advisory", "dist", "osv", "openvex", "text", "metacpan"}, top) && below && !strings.HasSuffix(path, "/all.zip"),
		strings.HasPrefix(path, "vulndb/ID/"),
		strings.HasPrefix(path, "csaf/white/") && strings.Count(path, "/") > 2:
		if strings.HasSuffix(path, ".html") {
			return 2
		}
		return 1
	}
	return 3
}

// header is what an object is given out with.
type header struct{ kind, cache string }

// kinds are the types of the files of an index, by the ends of their names.
var kinds = []struct{ end, kind string }{
	{".html", "text/html; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".json", "application/json"},
	{".svg", "image/svg+xml"},
	{".atom", "application/atom+xml"},
	{".rss", "application/rss+xml"},
	{".txt", "text/plain; charset=utf-8"},
	{".csv", "text/csv; charset=utf-8"},
	{".gz", "application/gzip"},
	{".zip", "application/zip"},
	{".note", "text/plain; charset=utf-8"},
	{".sha256", "text/plain; charset=utf-8"},
	{".sha512", "text/plain; charset=utf-8"},
	{".xml", "application/xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{manifest.HeadName, "text/plain; charset=utf-8"},
}

// headerOf gives the header of a file. What has its digest in its name stays as it
// is; all else may change with every index.
func headerOf(path string) header {
	h := header{"application/octet-stream", "public, max-age=300"}
	for _, k := range kinds {
		if strings.HasSuffix(path, k.end) {
			h.kind = k.kind
			break
		}
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	parts := strings.Split(name, ".")
	switch {
	case strings.HasPrefix(path, "assets/") && len(parts) == 3 && len(parts[1]) >= 8 && strings.Trim(parts[1], "0123456789abcdef") == "":
		h.cache = "public, max-age=31536000, immutable"
	case name == manifest.SealName || name == manifest.HeadName || name == manifest.ListName || name == currentObject:
		h.cache = "public, max-age=60"
	}
	return h
}
