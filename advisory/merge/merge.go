// Package merge joins what several sources say into one set of advisories, and
// keeps account of it: of every raw entry what became of it, and of every
// statement that cannot be right as it stands.
//
// # What becomes one record
//
// The unit is what one entry says about one distribution.
//
//  1. Within a distribution, entries that share a CVE are one record. An entry
//     with several CVEs goes by its first one, and takes along the entries of
//     the same distribution that share any of them.
//  2. Within a distribution, entries that share another id (the entry's own, a
//     previous one, any alias but a GHSA id) are one record too, unless both
//     state CVEs and none is in common: an id that was given out twice does
//     not make one flaw of two.
//  3. What is known by the same CVE in several distributions is one record
//     that affects them all. Without a CVE only a shared id joins
//     distributions.
//  4. An entry without a distribution (a CVE record of another field) adds to
//     the records that have its id, and is refused where there is none.
//
// So of these three entries the first two become CVE-2099-0001, also known as
// CVE-2099-0002, and the third becomes CVE-2099-0002:
//
//	CPANSA-Foo-2099-01  Foo  CVE-2099-0001 CVE-2099-0002
//	CPANSA-Foo-2099-02  Foo  CVE-2099-0002
//	CPANSA-Bar-2099-01  Bar  CVE-2099-0002
//
// # Whose word counts
//
// Authority falls from the CPAN security group's own records (CPANSec) over
// the CPAN Security Advisory database (CPANSA) and the CVE records of others to
// OSV. Title, description and weaknesses are the first source's that has them;
// references, modules, files and routines are everybody's but OSV's, which adds
// ids and scores and is heard about versions only where nobody else states any
// for a distribution. The severity is CPANSA's word, the worst of several, and
// else follows from the highest score. A title that nobody states is the
// description's first sentence. What each source says about versions stays in
// its own words, side by side and in order of authority; equal statements of
// one entry collapse.
//
// A record is withdrawn when every CVE of it has been rejected, or every entry
// of it withdrawn. It keeps its ids and statements.
//
// What those who run an index have found out themselves is a source named
// [Curation]. Its word on versions stands before everybody's, or, as "curation of
// CPANSA", directly before that source's; it withdraws the record whose id its
// entry has. A title, a severity and weaknesses it gives only where nobody else
// does, and it makes no record of its own. An entry of another batch that names such
// a source, as a CNA may call itself what it likes, is refused.
//
// # Promises
//
// The result does not depend on the order of batches or of the items in them.
// Every item is in the ledger exactly once. The cost is that of sorting the
// items and of judging each statement once on each known release. Nothing is
// dropped for being strange: releases that no reader of versions accepts,
// ranges that cannot be read and distributions that are not on CPAN stay, and
// the ledger lists them.
package merge

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
)

// authority is a source's place in the order of authority, lowest first.
type authority uint8

const (
	fromCuration authority = 0
	fromCPANSec  authority = 2 * iota // the CNA of the field
	fromCPANSA
	fromOther
	fromOSV
)

// Curation is the name of the source that holds corrections of all others.
const Curation = "curation"

// CurationOf is the name of the source that holds corrections of what one other
// source says, and of nothing that has more authority than that one.
func CurationOf(source string) string { return Curation + " of " + source }

// IsCuration says whether a source of that name holds corrections.
func IsCuration(source string) bool {
	return source == Curation || strings.HasPrefix(source, CurationOf(""))
}

func authorityOf(s advisory.Source) authority {
	if s.Name == Curation {
		return fromCuration
	}
	rank := fromOther
	name, corrects := strings.CutPrefix(s.Name, CurationOf(""))
	switch name {
	case "CPANSec":
		rank = fromCPANSec
	case "CPANSA":
		rank = fromCPANSA
	case "OSV", "GHSA":
		rank = fromOSV
	}
	if corrects {
		rank--
	}
	return rank
}

// isCuration says whether the source holds corrections: it stands directly before
// the one that it corrects.
func (a authority) isCuration() bool { return a == fromCuration || a%2 == 1 }

// isCNA says whether the source can reject a CVE.
func (a authority) isCNA() bool { return a == fromCPANSec || a == fromOther }

// item is one raw entry that has a record.
type item struct {
	batch  int // for counting repetitions within one source
	where  string
	native string
	record *advisory.Record
	source advisory.Source
	rank   authority
	cves   []advisory.ID // the first one leads
	ghsas  []advisory.ID
	ids    []advisory.ID // all others
	print  string        // the record's JSON, made when items tie
}

func newItem(batch int, in *advisory.Item, whole advisory.Source) *item {
	it := &item{batch: batch, where: in.Where, native: in.Native, record: in.Record, source: whole}
	if len(in.Record.Sources) > 0 {
		it.source = in.Record.Sources[0]
	}
	it.rank = authorityOf(it.source)
	for _, id := range slices.Concat([]advisory.ID{in.Record.ID}, in.Record.Aliases) {
		switch {
		case id == "":
		case id.IsCVE():
			it.cves = append(it.cves, id)
		case isGHSA(id):
			it.ghsas = append(it.ghsas, id)
		default:
			it.ids = append(it.ids, id)
		}
	}
	return it
}

func isGHSA(id advisory.ID) bool { return len(id) > 5 && strings.EqualFold(string(id[:5]), "GHSA-") }

// fingerprint is the record's content, for an order among items that are equal
// in everything else.
func (it *item) fingerprint() string {
	if it.print == "" {
		b, err := json.Marshal(it.record)
		if err != nil { // a record has no value that JSON lacks
			b = []byte(err.Error())
		}
		it.print = string(b)
	}
	return it.print
}

// compareItems is an order that does not depend on how items came in.
func compareItems(a, b *item) int {
	if c := cmp.Or(
		cmp.Compare(a.rank, b.rank),
		cmp.Compare(a.source.Name, b.source.Name),
		cmp.Compare(a.record.ID.Key(), b.record.ID.Key()),
		cmp.Compare(a.native, b.native),
		cmp.Compare(a.where, b.where),
	); c != 0 {
		return c
	}
	return cmp.Compare(a.fingerprint(), b.fingerprint())
}

// Merge joins what readers made of their sources.
func Merge(batches []advisory.Batch) (advisory.Set, Ledger) {
	var set advisory.Set
	var ledger Ledger
	var items []*item
	for b := range batches {
		for i := range batches[b].Items {
			in := &batches[b].Items[i]
			if in.Record == nil {
				ledger.refuse(batches[b].Source.Name, in, reasonOf(in))
				continue
			}
			it := newItem(b, in, batches[b].Source)
			if IsCuration(it.source.Name) && batches[b].Source.Name != Curation {
				ledger.refuse(batches[b].Source.Name, in, "its source has the name that corrections have")
				continue
			}
			items = append(items, it)
			ledger.Entries = append(ledger.Entries, Entry{
				Source: it.source.Name, Where: in.Where, Native: in.Native, Warnings: in.Warnings, item: it,
			})
		}
	}
	slices.SortStableFunc(items, compareItems)

	groups := group(items)
	joined := make([]*joinedRecord, 0, len(groups))
	for _, g := range groups {
		joined = append(joined, g.join())
	}
	slices.SortFunc(joined, func(a, b *joinedRecord) int { return compareIDs(a.record.ID, b.record.ID) })
	for _, j := range joined {
		set.Records = append(set.Records, j.record)
	}

	set.Releases = releases(batches)
	set.Owners = table(batches, func(b *advisory.Batch) map[cpan.Module]cpan.Dist { return b.Owners })
	set.Main = table(batches, func(b *advisory.Batch) map[cpan.Dist]cpan.Module { return b.Main })
	set.Sources = sources(batches)

	ledger.settle(joined)
	ledger.check(joined, set.Releases)
	return set, ledger
}

// reasonOf says why an item was refused; the place stands beside it already.
func reasonOf(in *advisory.Item) string {
	if in.Refused == nil {
		return "no reason stated"
	}
	return strings.TrimPrefix(in.Refused.Error(), "read "+in.Where+": ")
}

// compareIDs orders ids, case apart where they differ otherwise.
func compareIDs(a, b advisory.ID) int {
	return cmp.Or(cmp.Compare(a.Key(), b.Key()), cmp.Compare(a, b))
}
