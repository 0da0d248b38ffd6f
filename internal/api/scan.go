package api

import (
	"io"
	"net/http"

	"nacre/fault"
	"nacre/internal/snapshot"
	"nacre/internal/upload"
)

// scan scans the body.
func (a *API) scan(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	names := []string{"name", "perl", "format"}
	q, _, err := question(r, names, 1, 1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if len(q.Get(name)) > maxName {
			return fault.New(fault.Invalid, "%s has more than %d bytes (limit: text of a query)", name, maxName).WithHint("it is the name of a file, a version or a format")
		}
	}
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, a.opt.MaxUpload))
	if err != nil {
		return bodyError(err)
	}
	answer, err := a.opt.Scanner.Scan(r.Context(), s.DB, upload.File{Name: q.Get("name"), Text: text, Perl: q.Get("perl"), Format: q.Get("format")})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", `attachment; filename="`+upload.FileName(q.Get("format"))+`"`)
	send(w, r, answer.Type, answer.Data)
	return nil
}
