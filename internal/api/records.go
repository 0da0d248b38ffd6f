package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"nacre/cpan"
	"nacre/internal/problem"
	"nacre/internal/snapshot"
)

// digest is a short digest for an entity tag.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// dist gives all about a distribution.
func (a *API) dist(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	return distribution(s, w, r, r.PathValue("dist"))
}

func distribution(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request, name string) error {
	d := s.Dist(name)
	if d == nil {
		return noDist(s, name)
	}
	f, err := s.Document("dist/" + string(d.Name) + ".json")
	if err != nil {
		return err
	}
	f.ServeHTTP(w, r)
	return nil
}

// noDist says that no advisory is about a distribution, and which may be meant.
func noDist(s *snapshot.Snapshot, name string) error {
	p := problem.New(http.StatusNotFound, "no advisory of this index is about the distribution %s", quote(name))
	if of := s.OwnerOf(cpan.Module(name)); of != "" && string(of) != name {
		return p.WithHint("%s is a module of %s", quote(name), of)
	}
	for _, d := range s.Model.Dists {
		if strings.EqualFold(string(d.Name), strings.ReplaceAll(name, "::", "-")) {
			return p.WithHint("case counts: the distribution is %s", d.Name)
		}
	}
	return p.WithHint("none is known as of %s; names are those of CPAN, as in libwww-perl", s.Manifest.Day)
}

// advisory gives one advisory in our own form.
func (a *API) advisory(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	return record(s, w, r, r.PathValue("id"), "advisory/", advisoriesPath)
}

// vuln gives one advisory as an OSV record.
func (a *API) vuln(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	return record(s, w, r, r.PathValue("id"), "osv/", vulnsPath)
}

// record gives a document of the advisory that any id names, and, where that is not
// the one that the index knows it by, says which is.
func record(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request, id, folder, path string) error {
	of, err := s.Advisory(id)
	if err != nil {
		return err
	}
	f, err := s.Document(folder + string(of.ID) + ".json")
	if err != nil {
		return err
	}
	if string(of.ID) != id {
		w.Header()["Link"] = []string{"<" + path + url.PathEscape(string(of.ID)) + `>; rel="canonical"`}
	}
	f.ServeHTTP(w, r)
	return nil
}

// The paths that records are below.
const (
	distsPath      = "/api/v1/dists/"
	advisoriesPath = "/api/v1/advisories/"
	vulnsPath      = "/v1/vulns/"
)

// hot answers what is asked for most, without a way through the table of paths; ok is
// false for everything else.
func (a *API) hot(w http.ResponseWriter, r *http.Request) (ok bool) {
	s := a.opt.Keeper.Current()
	if r.Method != http.MethodGet || r.URL.RawPath != "" || s == nil {
		return false
	}
	folder, name := r.URL.Path, ""
	if i := strings.LastIndexByte(folder, '/'); i >= 0 {
		folder, name = folder[:i+1], folder[i+1:]
	}
	if name == "" || name == "." || name == ".." {
		return false
	}
	var err error
	switch folder {
	case distsPath:
		err = distribution(s, w, r, name)
	case advisoriesPath:
		err = record(s, w, r, name, "advisory/", advisoriesPath)
	case vulnsPath:
		err = record(s, w, r, name, "osv/", vulnsPath)
	default:
		return false
	}
	if err != nil {
		problem.Write(w, err)
	}
	return true
}
