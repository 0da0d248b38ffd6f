package archive

import (
	"cmp"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/limit"
)

// Image is what an image's manifest and configuration say.
type Image struct {
	Name     string // the tag that it was found by; "" none
	Digest   string // of the manifest, "sha256:..."; of docker save's, of the configuration
	Platform string // "linux/amd64", "" unknown
	Layers   int

	Env        []string // "PATH=/usr/bin"
	Entrypoint []string
	Cmd        []string
	WorkingDir string
	User       string
	Labels     map[string]string
}

// The files that make a folder an image.
const (
	ociLayout      = "oci-layout"
	ociIndex       = "index.json"
	dockerManifest = "manifest.json"
)

// descriptor points to a blob of an OCI layout.
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations"`
	Platform    *struct {
		OS           string `json:"os"`
		Architecture string `json:"architecture"`
		Variant      string `json:"variant"`
	} `json:"platform"`
}

// manifest is an index of images, or the manifest of one.
type manifest struct {
	Manifests []descriptor `json:"manifests"`
	Config    descriptor   `json:"config"`
	Layers    []descriptor `json:"layers"`
}

// configuration is that of an image.
type configuration struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Variant      string `json:"variant"`
	Config       struct {
		Env        []string
		Entrypoint []string
		Cmd        []string
		WorkingDir string
		User       string
		Labels     map[string]string
	} `json:"config"`
	RootFS struct {
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
}

// saved is one image of docker save's manifest.json.
type saved struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// readImage reads the image in a folder.
func (u *unpacker) readImage(fsys fs.FS, kind Format) (*FS, error) {
	u.root, u.image, u.parts = newFolder(0), true, nil
	img := &Image{}
	var err error
	if kind == OCILayout {
		err = u.readOCI(fsys, img)
	} else {
		err = u.readSaved(fsys, img)
	}
	if err != nil {
		return nil, err
	}
	u.noteCounts()
	return &FS{root: u.root, format: kind, image: img, notes: u.notes}, nil
}

// tag gives the name that a descriptor's image has, "" for none.
func (d *descriptor) tag() string {
	return cmp.Or(d.Annotations["io.containerd.image.name"], d.Annotations["org.opencontainers.image.ref.name"])
}

func (d *descriptor) platform() string {
	if d.Platform == nil {
		return ""
	}
	return platform(d.Platform.OS, d.Platform.Architecture, d.Platform.Variant)
}

// platform writes one as docker does.
func platform(system, arch, variant string) string {
	return strings.Trim(path.Join(system, arch, variant), "/.")
}

// readOCI reads an OCI layout.
func (u *unpacker) readOCI(fsys fs.FS, img *Image) error {
	b, err := readPart(fsys, ociIndex)
	if err != nil {
		return err
	}
	m, err := decode[manifest](b, ociIndex)
	if err != nil {
		return err
	}
	named := u.opt.Image
	for level := 0; m.Layers == nil; level++ {
		if level > u.limits.Nested {
			return exceeded("nested indexes", "has more than %d indexes within each other", u.limits.Nested)
		}
		d, err := u.choose(fsys, m.Manifests, named)
		if err != nil {
			return err
		}
		if d.tag() == named || strings.HasPrefix(d.Digest, named) {
			named = "" // found; below are its platforms
		}
		img.Name, img.Platform, img.Digest = cmp.Or(img.Name, d.tag()), d.platform(), d.Digest
		if m, err = readBlob[manifest](fsys, *d); err != nil {
			return err
		}
		if m.Layers == nil && len(m.Manifests) == 0 {
			break // an image without layers
		}
	}
	if named != "" {
		return fault.New(fault.NotFound, "no image %s here", fault.Quote(named)).WithHint("the only one is %s", img.Digest)
	}
	cfg, err := readBlob[configuration](fsys, m.Config)
	if err != nil {
		return err
	}
	cfg.fill(img)
	layers := make([]layer, len(m.Layers))
	for i, d := range m.Layers {
		name, err := blobName(d.Digest)
		if err != nil {
			return err
		}
		layers[i] = layer{file: name, packed: d.Digest}
	}
	return u.readLayers(fsys, layers, img)
}

// choose picks the image of an index: the named one, else one of the wanted
// platform, else the first. Those whose manifests are not in the folder, and
// those that are attestations of others, are no images here.
func (u *unpacker) choose(fsys fs.FS, all []descriptor, named string) (*descriptor, error) {
	var here []*descriptor
	for i := range all {
		d := &all[i]
		name, err := blobName(d.Digest)
		if err != nil {
			return nil, err
		}
		if d.Annotations["vnd.docker.reference.type"] == "attestation-manifest" {
			continue
		}
		if _, err := fs.Stat(fsys, name); err == nil {
			here = append(here, d)
		}
	}
	if len(here) == 0 {
		return nil, fault.New(fault.NotFound, "the index names no image that is here").
			WithHint("save the image again, for one platform")
	}
	if named != "" {
		for _, d := range here {
			if d.Annotations["org.opencontainers.image.ref.name"] == named || d.Annotations["io.containerd.image.name"] == named ||
				strings.Contains(named, ":") && strings.HasPrefix(d.Digest, named) {
				return d, nil
			}
		}
		if tagged := slices.ContainsFunc(here, func(d *descriptor) bool { return d.tag() != "" }); tagged || len(here) > 1 {
			return nil, noImage(named, here)
		}
	}
	if len(here) == 1 {
		return here[0], nil
	}
	want := cmp.Or(u.opt.Platform, "linux/amd64")
	chosen := here[0]
	for _, d := range here {
		if p := d.platform(); p == want || strings.HasPrefix(p, want+"/") {
			chosen = d
			break
		}
	}
	if u.opt.Platform != "" && !strings.HasPrefix(chosen.platform(), want) {
		return nil, noImage(want, here)
	}
	u.notes = append(u.notes, fmt.Sprintf("chose image %s of %d: %s", chosen.describe(), len(here), describe(here)))
	return chosen, nil
}

func noImage(wanted string, here []*descriptor) error {
	return fault.New(fault.NotFound, "no image %s here", fault.Quote(wanted)).WithHint("there are: %s", describe(here))
}

// maxDescribed bounds how many images a note names.
const maxDescribed = 8

func describe(all []*descriptor) string {
	var s []string
	for _, d := range all[:min(len(all), maxDescribed)] {
		s = append(s, d.describe())
	}
	if len(all) > maxDescribed {
		s = append(s, "and others")
	}
	return strings.Join(s, ", ")
}

// describe names an image for people.
func (d *descriptor) describe() string {
	if s := strings.TrimSpace(d.tag() + " " + d.platform()); s != "" {
		return fault.Quote(s)
	}
	return d.Digest[:min(len(d.Digest), len("sha256:")+12)]
}

// readSaved reads what docker save writes.
func (u *unpacker) readSaved(fsys fs.FS, img *Image) error {
	b, err := readPart(fsys, dockerManifest)
	if err != nil {
		return err
	}
	images, err := decode[[]saved](b, dockerManifest)
	if err != nil {
		return err
	}
	if len(images) == 0 {
		return fault.New(fault.NotFound, "%s names no image", dockerManifest).WithHint("save the image again")
	}
	chosen := images[0]
	if named := u.opt.Image; named != "" {
		i := slices.IndexFunc(images, func(s saved) bool {
			return slices.Contains(s.RepoTags, named) || strings.HasPrefix("sha256:"+s.digest(), named)
		})
		if i < 0 {
			return fault.New(fault.NotFound, "no image %s here", fault.Quote(named)).WithHint("there are: %s", describeSaved(images))
		}
		chosen = images[i]
	} else if len(images) > 1 {
		u.notes = append(u.notes, fmt.Sprintf("chose image %s of %d: %s", describeSaved(images[:1]), len(images), describeSaved(images)))
	}
	if len(chosen.RepoTags) > 0 {
		img.Name = chosen.RepoTags[0]
	}
	if !fs.ValidPath(chosen.Config) {
		return refuse("%s: names the configuration %s", dockerManifest, fault.Quote(chosen.Config))
	}
	if b, err = readPart(fsys, chosen.Config); err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	img.Digest = "sha256:" + hex.EncodeToString(sum[:])
	if stated := chosen.digest(); stated != "" && img.Digest != "sha256:"+stated {
		return wrongDigest(chosen.Config, "sha256:"+stated, img.Digest)
	}
	cfg, err := decode[configuration](b, chosen.Config)
	if err != nil {
		return err
	}
	cfg.fill(img)
	ids := cfg.RootFS.DiffIDs
	if len(ids) != len(chosen.Layers) && len(ids) > 0 {
		return damaged(fmt.Errorf("it lists %d layers, and %s %d", len(ids), dockerManifest, len(chosen.Layers)), "read %s", chosen.Config)
	}
	if len(ids) == 0 && len(chosen.Layers) > 0 {
		u.notes = append(u.notes, "the image states no digests of its layers; they are not checked")
	}
	layers := make([]layer, len(chosen.Layers))
	for i, name := range chosen.Layers {
		if !fs.ValidPath(name) {
			return refuse("%s: names the layer %s", dockerManifest, fault.Quote(name))
		}
		layers[i] = layer{file: name}
		if len(ids) > 0 {
			layers[i].unpacked = ids[i]
		}
	}
	return u.readLayers(fsys, layers, img)
}

// digest gives the digest in the name of the configuration, "" for none.
func (s saved) digest() string {
	d := strings.TrimSuffix(path.Base(s.Config), ".json")
	if checkHex(d, 64) {
		return d
	}
	return ""
}

func describeSaved(images []saved) string {
	var s []string
	for _, one := range images[:min(len(images), maxDescribed)] {
		if len(one.RepoTags) > 0 {
			s = append(s, fault.Quote(one.RepoTags[0]))
		} else {
			s = append(s, "sha256:"+one.digest()[:min(len(one.digest()), 12)])
		}
	}
	if len(images) > maxDescribed {
		s = append(s, "and others")
	}
	return strings.Join(s, ", ")
}

// fill takes what an image's configuration says.
func (c *configuration) fill(img *Image) {
	img.Platform = cmp.Or(platform(c.OS, c.Architecture, c.Variant), img.Platform)
	img.Env, img.Entrypoint, img.Cmd = c.Config.Env, c.Config.Entrypoint, c.Config.Cmd
	img.WorkingDir, img.User, img.Labels = c.Config.WorkingDir, c.Config.User, c.Config.Labels
}

// readPart reads a manifest, an index or a configuration.
func readPart(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name).WithHint("save the image again, with all its parts")
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, refuse("read %s: is no plain file", name)
	}
	return limit.ReadFile(fsys, name, maxManifest, "manifest size")
}

// decode reads JSON.
func decode[T any](b []byte, name string) (v T, err error) {
	if err := json.Unmarshal(b, &v); err != nil {
		return v, damaged(err, "read %s", name)
	}
	return v, nil
}

// readBlob reads a JSON blob whose digest is as stated.
func readBlob[T any](fsys fs.FS, d descriptor) (v T, err error) {
	name, err := blobName(d.Digest)
	if err != nil {
		return v, err
	}
	b, err := readPart(fsys, name)
	if err != nil {
		return v, err
	}
	h := newHash(d.Digest)
	h.Write(b)
	if err := checkDigest(name, d.Digest, h); err != nil {
		return v, err
	}
	return decode[T](b, name)
}

// blobName gives the file of a digest in an OCI layout.
func blobName(digest string) (string, error) {
	alg, hex, _ := strings.Cut(digest, ":")
	if alg == "sha256" && checkHex(hex, 64) || alg == "sha512" && checkHex(hex, 128) {
		return "blobs/" + alg + "/" + hex, nil
	}
	return "", fault.New(fault.Invalid, "digest %s: is neither sha256: nor sha512: and hex digits", fault.Quote(digest)).
		WithHint("the image is damaged, or newer than what is read here")
}

func checkHex(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789abcdef") == "" }

// newHash makes what computes a digest that blobName took.
func newHash(digest string) hash.Hash {
	if strings.HasPrefix(digest, "sha512:") {
		return sha512.New()
	}
	return sha256.New()
}

// checkDigest compares a digest with what was read.
func checkDigest(name, stated string, h hash.Hash) error {
	alg, _, _ := strings.Cut(stated, ":")
	if got := alg + ":" + hex.EncodeToString(h.Sum(nil)); got != stated {
		return wrongDigest(name, stated, got)
	}
	return nil
}

func wrongDigest(name, stated, got string) error {
	return fault.New(fault.Invalid, "%s: its digest is %s, not %s", name, got, stated).
		WithHint("the image is damaged, or was changed after it was made; fetch it again")
}
