package vex

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"nacre/index"
	"nacre/report/csaf"
)

// folder is where documents that everybody may read are.
const folder = "csaf/white/"

// CSAFPath is the path of an advisory's CSAF document,
// "csaf/white/2026/cve-2099-0001.json".
func CSAFPath(a *index.Advisory) string { return folder + csafName(a) }

// csafName is the same below folder.
func csafName(a *index.Advisory) string {
	return fmt.Sprintf("%04d/%s", initial(a).Year(), csaf.FileName(trackingID(a)))
}

// trackingID is the id of an advisory's CSAF document: its own, unless two ids
// could give one file name.
func trackingID(a *index.Advisory) string {
	id := string(a.ID)
	if strings.IndexFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '+'
	}) < 0 {
		return id
	}
	sum := sha256.Sum256([]byte(a.ID.Key()))
	return id + "-" + hex.EncodeToString(sum[:4])
}

// initial is when the first build had the advisory.
func initial(a *index.Advisory) time.Time { return a.FirstSeen.Time() }

// current is when the document last changed, which is not before it was there.
func current(a *index.Advisory) time.Time {
	if first := initial(a); a.Modified.Before(first) {
		return first
	}
	return a.Modified.UTC().Truncate(time.Second)
}

// stamp writes a time as documents have it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// tracking says which version of which document it is.
func tracking(a *index.Advisory) csaf.Tracking {
	first, last := initial(a), current(a)
	t := csaf.Tracking{
		ID: trackingID(a), Status: "final", Version: "1.0.0", Initial: stamp(first), Current: stamp(last),
		Revisions: []csaf.Revision{{Date: stamp(first), Number: "1.0.0", Summary: "First version."}},
	}
	if last.After(first) {
		clock := last.Hour()*10000 + last.Minute()*100 + last.Second()
		t.Version = fmt.Sprintf("1.%s.%d", last.Format("20060102"), clock)
		t.Revisions = append(t.Revisions, csaf.Revision{
			Date: stamp(last), Number: t.Version, Summary: "The last change of the record or of a conclusion about it.",
		})
	}
	return t
}
