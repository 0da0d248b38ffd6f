package cpansa

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
)

// ReadJSON reads the built index, cpan-security-advisory.json:
//
//	{"meta": {"commit": "...", "epoch": 1786890660},
//	 "module2dist": {"Foo::Bar": "Foo-Bar"},
//	 "dists": {"Foo-Bar": {"main_module": "Foo::Bar",
//	   "versions": [{"version": "1.2", "date": "2099-01-01T00:00:00"}],
//	   "advisories": [{...}]}}}
//
// Where is "dists/Foo-Bar#1". A date without a zone is UTC. A release with
// dual_lived appeared in the perl of perl_release and is no release of CPAN.
// An entry that cannot be read is a refused item; a document that is not the
// index, or breaks off, is an error.
func ReadJSON(r io.Reader) (advisory.Batch, error) {
	x := newIndex(limit.Reader(r, maxIndex, "CPANSA index size"))
	return x.batchOf(x.read())
}

func newIndex(r io.Reader) *index {
	return &index{
		decoder: newDecoder(r),
		batch: advisory.Batch{
			Source:   source(),
			Releases: map[cpan.Dist][]advisory.Known{},
			Owners:   map[cpan.Module]cpan.Dist{},
			Main:     map[cpan.Dist]cpan.Module{},
		},
	}
}

// batchOf gives the batch, or the error of the reading.
func (x *index) batchOf(err error) (advisory.Batch, error) {
	if err != nil {
		return advisory.Batch{}, fault.Wrap(fault.KindOf(err), err, "read the CPANSA index")
	}
	// The index may name its commit after its entries.
	for i := range x.batch.Items {
		if rec := x.batch.Items[i].Record; rec != nil {
			rec.Sources[0].Commit, rec.Sources[0].Time = x.batch.Source.Commit, x.batch.Source.Time
		}
	}
	return x.batch, nil
}

// index is the reading of one built index.
type index struct {
	*decoder
	batch  advisory.Batch
	dists  bool   // the key was there
	packed []byte // the entries for a Memo; nil where nobody wants them
}

func (x *index) read() error {
	if err := x.open("the document"); err != nil {
		return err
	}
	err := x.each(1, func(key string) error {
		switch key {
		case "dists":
			x.dists = true
			if err := x.open("dists"); err != nil {
				return err
			}
			return x.each(2, x.entry(inDists))
		case "module2dist":
			if err := x.open("module2dist"); err != nil {
				return err
			}
			return x.each(2, x.entry(inOwners))
		case "meta":
			v, err := x.value(2)
			if err != nil {
				return err
			}
			return x.see(inMeta, "", v)
		}
		_, err := x.value(2)
		return err
	})
	if err != nil {
		return err
	}
	if !x.dists {
		return fault.New(fault.Invalid, "no dists: this is not the built index").
			WithHint("the file is cpan-security-advisory.json of github.com/briandfoy/cpan-security-advisory")
	}
	if _, err := x.dec.Token(); err != io.EOF {
		return fault.New(fault.Invalid, "text follows the document at byte %d", x.dec.InputOffset())
	}
	return nil
}

// entry gives what reads the value of a key in a section.
func (x *index) entry(in section) func(key string) error {
	return func(key string) error {
		v, err := x.value(3)
		if err != nil {
			return err
		}
		return x.see(in, key, v)
	}
}

func (x *index) meta(v value) error {
	commit, err := v.get("commit").str("commit")
	if err != nil {
		return err
	}
	x.batch.Source.Commit = commit
	epoch, err := v.get("epoch").str("epoch")
	if err != nil || epoch == "" {
		return err
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	// Year 9999 is the last that JSON can carry on.
	if err != nil || seconds < 0 || seconds > 253402300799 {
		x.batch.Warn("meta: epoch %.40q is not a time", epoch)
		return nil
	}
	x.batch.Source.Time = time.Unix(seconds, 0).UTC()
	return nil
}

// owner reads one line of the module table.
func (x *index) owner(module string, v value) error {
	name, err := v.str("module2dist")
	if err != nil {
		return err
	}
	m, err := cpan.ParseModule(module)
	if err != nil {
		x.batch.Warn("module2dist: %v", err)
		return nil
	}
	d, err := cpan.ParseDist(name)
	if err != nil {
		x.batch.Warn("module2dist: %s: %v", m, err)
		return nil
	}
	x.batch.Owners[m] = d
	return nil
}

// dist reads one distribution.
func (x *index) dist(name string, v value) error {
	where := "dists/" + name
	d, err := cpan.ParseDist(name)
	if err == nil && v.kind != mapping {
		err = fault.New(fault.Invalid, "entry is %s, not a map", v.kind)
	}
	if err != nil {
		x.batch.Items = append(x.batch.Items, advisory.Item{Where: where, Refused: fault.Wrap(fault.Invalid, err, "read %s", where)})
		return nil
	}
	if module, err := v.get("main_module").str("main_module"); err != nil {
		x.batch.Warn("%s: %v", where, err)
	} else if module != "" {
		if m, err := cpan.ParseModule(module); err != nil {
			x.batch.Warn("%s: main_module: %v", where, err)
		} else {
			x.batch.Main[d] = m
		}
	}
	for n, row := range v.get("versions").list {
		known, err := readKnown(row)
		if err != nil {
			x.batch.Warn("%s: version %d: %v", where, n+1, err)
		}
		if known.Version != "" {
			x.batch.Releases[d] = append(x.batch.Releases[d], known)
		}
	}
	p := parent{source: x.batch.Source, dist: d, indexed: true}
	for n, e := range v.get("advisories").list {
		x.batch.Items = append(x.batch.Items, p.read(e, fmt.Sprintf("%s#%d", where, n+1)))
	}
	return nil
}

// readKnown reads one row of a distribution's versions. With an error, the
// result has what could be read.
func readKnown(row value) (advisory.Known, error) {
	if row.kind != mapping {
		return advisory.Known{}, fault.New(fault.Invalid, "row is %s, not a map", row.kind)
	}
	var k advisory.Known
	v := row.get("version")
	if v.kind == null { // what JSON has for Perl's undef
		v = value{kind: scalar, text: "undef"}
	}
	if v.kind != scalar {
		return k, fault.New(fault.Invalid, "version is %s, not a text", v.kind)
	}
	if len(v.text) > advisory.MaxLine {
		return k, fault.New(fault.Invalid, "version %.40q... is longer than %d bytes (limit: text length)", v.text, advisory.MaxLine)
	}
	k.Version = v.text
	date, err := row.get("date").str("date")
	if err != nil {
		return k, err
	}
	if date != "" {
		if k.Date, err = time.Parse("2006-01-02T15:04:05", date); err != nil {
			return k, fault.New(fault.Invalid, "date %.40q is not YYYY-MM-DDThh:mm:ss", date)
		}
	}
	if isTrue(row.get("dual_lived")) {
		k.Perl, err = row.get("perl_release").str("perl_release")
	}
	return k, err
}
