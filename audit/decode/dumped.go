package decode

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// dumped is DES03: data that is read by running it, or whose reader makes
// objects, and is not Storable or YAML.
func dumped(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	guard := &checked{file: f}
	for n := range f.Calls("eval") {
		call := t.Call(n)
		if call.Block == 0 && len(call.Args) > 0 && isDump(f, n, call.Args[0]) {
			reportRead(p, guard, n, call.Args[0], "the text is run as Perl to read it as data, and it comes from ", audit.Critical)
		}
	}
	src := string(f.Src)
	if strings.Contains(src, "Sereal") {
		sereal(p, guard)
	}
	if strings.Contains(src, "CBOR::XS") {
		cbor(p, guard)
	}
	if strings.Contains(src, "allow_tags") {
		tagged(p)
	}
	if strings.Contains(src, "Data::Serializer") {
		serializer(p, guard)
	}
}

// reportRead reports that data from somewhere is read by something that makes
// objects, unless it is one's own.
func reportRead(p *audit.Pass, guard *checked, n, data perlsrc.NodeID, what string, worst audit.Severity) {
	o := written(p.File, data)
	if o.confidence == 0 {
		return
	}
	if o.confidence > audit.Possible && (isOfTests(p.File, n) || guard.before(n)) {
		o.confidence = audit.Possible
	}
	if o.confidence > audit.Possible && o.severity == audit.High {
		o.severity = worst
	}
	p.Report(audit.Found{Node: n, Confidence: o.confidence, Severity: o.severity, Steps: o.steps, Message: what + o.what})
}

// readers are parts of the names of subs that read what was written as data.
var readers = []string{"deserialize", "unserialize", "deserialise", "thaw", "restore", "undump", "unfreeze", "inflate", "decode", "load", "read", "receive", "retrieve", "fetch"}

// isDump reports whether the text of a string eval is data in the form that
// Data::Dumper writes: $VAR1 stands in it, or the file loads Data::Dumper and
// the sub's name says that data is read.
func isDump(f *audit.File, eval, text perlsrc.NodeID) bool {
	t := f.Tree
	if v, ok := t.Literal(text); ok && v != "" {
		return false
	}
	used := t.Dest(eval).Use
	kept := used == perlsrc.Assigned || used == perlsrc.Returned
	if strings.Contains(string(t.Text(text)), "VAR1") {
		return true
	}
	// my $VAR1 or $arg .= '$VAR1' before it, in the same sub.
	sub := t.EnclosingSub(eval)
	if sub != 0 {
		start, end := t.Span(sub)
		at, _ := t.Span(eval)
		if bytes.Contains(t.Src[start:at], []byte("VAR1")) && (kept || bytes.Contains(t.Src[at:end], []byte("$VAR1"))) {
			return true
		}
	}
	_, dumper := f.Loads("Data::Dumper", "Data::Dump", "Data::Dump::Streamer")
	return dumper && kept && firstOf(readers, f.SubName(eval)) != ""
}

// classOf tells whether an object is of one of these classes, by what the file
// assigns to it, or by its name.
func classOf(f *audit.File, n perlsrc.NodeID, word string, classes ...string) (made perlsrc.NodeID, ok bool) {
	if n == 0 {
		return 0, false
	}
	if f.Tree.Nodes[n].Kind == perlsrc.CallNode {
		for _, c := range classes {
			if call := f.Tree.Call(n); call.Class == c {
				return n, true
			}
		}
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins {
		for _, c := range classes {
			if o.Class == c {
				return o.Node, true
			}
		}
	}
	return 0, word != "" && firstOf([]string{word}, namesIn(f.Tree, n)...) != ""
}

// sereal looks at Sereal::Decoder without refuse_objects.
func sereal(p *audit.Pass, guard *checked) {
	f, t := p.File, p.File.Tree
	safe := func(call perlsrc.NodeID) bool {
		value, _ := option(f, call, "refuse_objects", "no_bless_objects")
		return value != 0 && truthOf(t, value) != no
	}
	const what = "Sereal makes objects of the classes that its input names, and it comes from "
	for n := range f.Calls("decode_sereal", "decode_sereal_with_header_data") {
		if call := t.Call(n); len(call.Args) > 0 && !safe(n) {
			reportRead(p, guard, n, call.Args[0], what, audit.High)
		}
	}
	// Where every decoder of the file refuses objects, those of fields do, too.
	refuses := false
	for n := range f.Calls("new") {
		refuses = refuses || t.Call(n).Class == "Sereal::Decoder" && safe(n)
	}
	for n := range f.Calls("decode", "sereal_decode_with_object") {
		call := t.Call(n)
		decoder, data := call.Invocant, 0
		if call.Callee == "sereal_decode_with_object" && len(call.Args) > 1 {
			decoder, data = call.Args[0], 1
		}
		if len(call.Args) <= data {
			continue
		}
		made, ok := classOf(f, decoder, "sereal", "Sereal::Decoder")
		if !ok || made != 0 && safe(made) || made == 0 && refuses {
			continue
		}
		reportRead(p, guard, n, call.Args[data], what, audit.High)
	}
}

// cbor looks at CBOR::XS, whose tag 26 names classes.
func cbor(p *audit.Pass, guard *checked) {
	f, t := p.File, p.File.Tree
	src := string(f.Src)
	if strings.Contains(src, "new_safe") || strings.Contains(src, "forbid_objects") || strings.Contains(src, "safe_filter") {
		return
	}
	const what = "CBOR::XS makes objects of the classes that its input names, and it comes from "
	for n := range f.Calls("decode_cbor", "decode", "decode_prefix") {
		call := t.Call(n)
		if len(call.Args) == 0 {
			continue
		}
		if call.Method {
			if _, ok := classOf(f, call.Invocant, "cbor", "CBOR::XS"); !ok {
				continue
			}
		}
		reportRead(p, guard, n, call.Args[0], what, audit.High)
	}
}

// tagged looks at allow_tags of JSON::XS and Cpanel::JSON::XS.
func tagged(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	for n := range f.Calls("allow_tags") {
		call := t.Call(n)
		if !call.Method || len(call.Args) > 0 && truthOf(t, call.Args[0]) == no {
			continue
		}
		// Encoding alone harms nobody.
		reads := false
		for range f.Calls("decode", "decode_json", "incr_parse", "decode_prefix") {
			reads = true
			break
		}
		if !reads {
			continue
		}
		found := audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.Medium, Message: "allow_tags lets the JSON that is decoded choose the classes of the objects that are made of it"}
		if len(call.Args) > 0 && truthOf(t, call.Args[0]) == unsure {
			found.Confidence = audit.Possible
		}
		p.Report(found)
	}
}

// serializer looks at Data::Serializer, which runs what it reads unless it is
// told of another format.
func serializer(p *audit.Pass, guard *checked) {
	f, t := p.File, p.File.Tree
	for n := range f.Calls("deserialize", "thaw", "raw_deserialize") {
		call := t.Call(n)
		if !call.Method || len(call.Args) == 0 {
			continue
		}
		made, ok := classOf(f, call.Invocant, "serializer", "Data::Serializer", "Data::Serializer::Raw")
		if !ok {
			continue
		}
		how := "Data::Serializer runs its input as Perl, as its default format Data::Dumper asks for, and it comes from "
		if made != 0 {
			if v, _ := option(f, made, "serializer"); v != 0 {
				switch name, _ := t.Literal(v); name {
				case "Data::Dumper":
				case "Storable", "YAML", "FreezeThaw", "PHP::Serialization", "Data::Denter":
					how = "Data::Serializer reads objects with " + name + ", and what it reads comes from "
				default:
					continue
				}
			}
		}
		reportRead(p, guard, n, call.Args[0], how, audit.Critical)
	}
}
