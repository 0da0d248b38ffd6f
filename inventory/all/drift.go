package all

import (
	"fmt"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/inventory/lockfile"
	"nacre/perlver"
)

// drift joins what the lock and an installation both have at the same version,
// and says where they differ: what is installed is what runs here, what is
// locked is what runs after the next deployment, so both are judged. It gives
// the installed ones that are joined, as linker.drop takes them.
func drift(inv *inventory.Inventory) (joined map[int]int) {
	lock := map[cpan.Dist]int{}
	places := map[string]bool{}
	for i, c := range inv.Components {
		switch {
		case c.Kind != inventory.Exact:
		case c.Place == "":
			lock[c.Dist] = i
		case layerOfComponent(&c).perl == "":
			places[c.Place] = true
		}
	}
	if len(places) == 0 || len(lock) == 0 {
		return nil
	}
	joined = map[int]int{}
	seen := map[cpan.Dist]bool{}
	var extra []string
	for i := range inv.Components {
		c := &inv.Components[i]
		at, ok := lock[c.Dist]
		if !places[c.Place] || c.Kind != inventory.Exact || ok && at == i {
			continue
		}
		seen[c.Dist] = true
		switch {
		case !ok:
			extra = append(extra, c.Ref())
		case sameVersion(inv.Components[at].Version, c.Version):
			l := &inv.Components[at]
			l.Place = c.Place
			l.Evidence = append(l.Evidence, c.Evidence...)
			joined[i] = at
		default:
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("drift: the lock has %s, and %s has %s; carton install --deployment brings them together",
					inv.Components[at].Ref(), c.Place, c.Ref()),
				At: first(c.Evidence),
			})
		}
	}
	var missing []string
	for d, i := range lock {
		if !seen[d] {
			missing = append(missing, inv.Components[i].Ref())
		}
	}
	slices.Sort(missing)
	for _, n := range []struct {
		refs []string
		text string
	}{{missing, "drift: the lock has %s, not installed here: %s"}, {extra, "drift: %s installed here, not in the lock: %s"}} {
		if len(n.refs) > 0 {
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf(n.text, distributions(len(n.refs)), strings.Join(n.refs, ", ")),
				At:   inventory.Evidence{File: lockfile.SnapshotFile, How: lockfile.SnapshotFile},
			})
		}
	}
	return joined
}

func distributions(n int) string {
	if n == 1 {
		return "1 distribution"
	}
	return fmt.Sprintf("%d distributions", n)
}

func first(e []inventory.Evidence) inventory.Evidence {
	if len(e) == 0 {
		return inventory.Evidence{}
	}
	return e[0]
}

// sameVersion compares as version.pm does, and as text what that cannot read.
func sameVersion(a, b string) bool {
	if a == b {
		return true
	}
	v, err := perlver.ParseExact(a)
	if err != nil {
		return false
	}
	w, err := perlver.ParseExact(b)
	return err == nil && v.Equal(w)
}

// drop takes components away. Each is a key of gone, whose value is the
// component that stands for it. What the dropped one requires is dropped too:
// the other one's source says that as well.
func (l *linker) drop(gone map[int]int) {
	if len(gone) == 0 {
		return
	}
	inv := l.inv
	at := make([]int, len(inv.Components))
	kept := inv.Components[:0]
	for i, c := range inv.Components {
		if _, ok := gone[i]; ok {
			continue
		}
		at[i] = len(kept)
		kept = append(kept, c)
	}
	inv.Components = kept
	edges := inv.Edges[:0]
	for _, e := range inv.Edges {
		if _, ok := gone[e.From]; ok {
			continue
		}
		if e.From >= 0 {
			e.From = at[e.From]
		}
		if other, ok := gone[e.To]; ok {
			e.To = other
		}
		if e.To >= 0 {
			e.To = at[e.To]
		}
		edges = append(edges, e)
	}
	inv.Edges = edges
	for _, p := range l.perls {
		p.component = at[p.component]
	}
}
