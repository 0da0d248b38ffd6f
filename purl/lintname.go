package purl

import (
	"strings"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// name checks the name: P02, P08, P09, P10.
func (l *linter) name() {
	name := l.p.Name
	if strings.Contains(name, "::") { // P01, which reading found
		return
	}
	if strings.ContainsAny(name, ":'") {
		l.error("P02", "name "+fault.Quote(name)+": has a "+name[strings.IndexAny(name, ":'"):][:1]+" in it",
			"that is a module's name or a slip; "+l.ownerHint(strings.ReplaceAll(name, ":", "::")))
		return
	}
	if strings.HasSuffix(strings.ToLower(name), ".pm") {
		l.warning("P08", "name "+fault.Quote(name)+": ends in .pm, as a module's file does",
			"name the distribution; where a file is meant, its path goes behind # as the subpath")
	}
	if strings.Contains(l.p.Namespace, "/") && cpan.ParsePath(l.p.Namespace+"/"+name).Path != "" {
		l.warning("P08", "namespace and name are the path of an archive",
			"the path goes into the qualifier distpath, and the name is the distribution")
	}
	stem := name
	if ext := archiveExt(name); ext != "" {
		stem = name[:len(name)-len(ext)-1]
		l.warning("P10", "name "+fault.Quote(name)+": has an archive's extension", "leave out ."+ext)
	} else if _, err := cpan.ParseDist(name); err != nil && !strings.Contains(name, "/") && carriedVersion(name, "") == "" {
		l.warning("P08", "name "+fault.Quote(name)+": is one that no distribution has", fault.HintOf(err))
	}
	if v := carriedVersion(stem, l.p.Version); v != "" && !l.isConfirmed(stem) {
		level := advice.Error
		if _, err := cpan.ParseDist(stem); err == nil { // Foo-5 may be a name
			level = advice.Warning
		}
		l.add("P09", level, "name "+fault.Quote(name)+": carries the version "+v,
			"the distribution is "+strings.TrimSuffix(stem, "-"+v)+", and the version goes behind @")
	}
}

// carriedVersion gives the version at the end of a name: the purl's own, or
// what can be nothing else.
func carriedVersion(name, version string) string {
	if i := len(name) - len(version) - 1; i > 0 && isVersionLike(version) && name[i] == '-' && name[i+1:] == version {
		return version
	}
	if _, err := cpan.ParseDist(name); err == nil {
		return ""
	}
	if r := cpan.ParsePath(name + ".tar.gz"); r.Version != "" && strings.HasSuffix(name, "-"+r.Version) && isVersionLike(r.Version) {
		return r.Version
	}
	return ""
}

func isVersionLike(s string) bool {
	s = strings.TrimLeft(s, "vV")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// isConfirmed says whether the index, or the archive's name, has a distribution
// of that name: one may end with a number, as in Foo-5-5.tar.gz.
func (l *linter) isConfirmed(name string) bool {
	return release(l.qualifier("distpath")).Dist == cpan.Dist(name) ||
		l.o.Index != nil && l.o.Index.Standing(cpan.Dist(name), "") == cpan.Indexed
}

// author checks where the author stands: P07, P14. What an author may look
// like, reading checks.
func (l *linter) author() {
	inNamespace, inQualifier := l.p.Namespace, l.qualifier("author")
	if inNamespace != "" && !strings.Contains(inNamespace, "/") {
		hint := "write the author as a qualifier: ?author=" + inNamespace
		if inQualifier == inNamespace {
			hint = "leave out the namespace: the qualifier author says the same"
		}
		l.warning("P07", "has the author as namespace, which is the old form", hint)
	}
	if (inNamespace != "" || inQualifier != "") && l.p.Version == "" && l.qualifier("distpath") == "" {
		l.warning("P14", "has an author and no version, so which release is meant is open: a distribution changes hands",
			"add the version to name a release, or leave out the author to name the distribution")
	}
}

// version checks the version: P10, P17.
func (l *linter) version() {
	v, stated := l.p.Version, l.o.MetaVersion
	if ext := archiveExt(v); ext != "" {
		l.warning("P10", "version "+fault.Quote(v)+": has an archive's extension", "leave out ."+ext)
	}
	if v == "" || stated == "" || sameVersion(v, stated) {
		return
	}
	a, errA := perlver.Parse(v)
	b, errB := perlver.Parse(stated)
	if errA == nil && errB == nil && a.Compare(b) == 0 {
		l.warning("P17", "version "+fault.Quote(v)+": META spells it "+fault.Quote(stated),
			"keep a version as it is spelled: v, zeros and underscores belong to it")
		return
	}
	l.warning("P17", "version "+fault.Quote(v)+": META says "+fault.Quote(stated), "find out which of them the archive is")
}

// sameVersion says whether two spellings are the same but for -TRIAL, which an
// archive's name has and META may leave out.
func sameVersion(a, b string) bool { return withoutTrial(a) == withoutTrial(b) }

func withoutTrial(v string) string {
	i := strings.LastIndex(v, "-TRIAL")
	if i < 0 || strings.Trim(v[i+len("-TRIAL"):], "0123456789") != "" {
		return v
	}
	return v[:i]
}
