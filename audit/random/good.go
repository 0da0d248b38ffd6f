package random

import (
	"slices"
	"sort"
	"strings"

	"nacre/perlsrc"
)

// goodModules make bytes that nobody can foretell, where they are there.
var goodModules = []string{"Crypt::URandom", "Crypt::SysRandom", "Crypt::PRNG", "Sys::GetRandom", "Crypt::OpenSSL::Random", "Bytes::Random::Secure", "Bytes::Random::Secure::Tiny", "Math::Random::Secure", "Crypt::Random", "Crypt::Random::Seed", "Crypt::Random::Source", "String::Urandom", "Session::Token", "Math::Random::ISAAC", "Math::Random::ISAAC::XS", "Crypt::CBC", "Net::SSLeay", "Crypt::Sodium", "Crypt::NaCl::Sodium", "Crypt::PBC", "Win32::API", "Data::Entropy::Algorithms", "Unix::OpenBSD::Random", "BSD::arc4random", "UUID::URandom", "Crypt::TRNG", "Syscall::GetRandom"}

// goodCalls are functions and methods of theirs.
var goodCalls = map[string]bool{
	"urandom": true, "urandom_ub": true, "random_bytes": true, "random_bytes_hex": true, "random_bytes_base64": true, "random_string_from": true, "RAND_bytes": true, "RAND_priv_bytes": true, "getrandom": true, "arc4random": true, "arc4random_bytes": true, "arc4random_buf": true, "makerandom": true, "makerandom_octet": true, "get_strong": true, "getentropy": true, "CryptGenRandom": true, "randombytes": true, "randombytes_buf": true, "random_values": true, "csrand": true, "generate_key": true, "crypt_urandom_getrandom": true,
}

// goodSources gives the places where a file turns to a good source: calls, the
// name of a device, modules loaded at run time.
func (v *view) goodSources() []perlsrc.NodeID {
	if v.goodAsked {
		return v.good
	}
	v.goodAsked = true
	imported := map[string]bool{}
	for _, l := range v.f.Facts().Loads {
		if slices.Contains(goodModules, l.Module) {
			for _, name := range l.Imports {
				imported[name] = true
			}
		}
	}
	for n := range v.f.All(perlsrc.CallNode, perlsrc.TermNode) {
		if v.t.Nodes[n].Kind == perlsrc.TermNode {
			text := string(v.t.Text(n))
			if strings.Contains(text, "/dev/urandom") || strings.Contains(text, "/dev/random") || strings.Contains(text, "/dev/srandom") || strings.Contains(text, "/dev/arandom") {
				v.good = append(v.good, n)
			}
			continue
		}
		callee := v.t.Callee(n)
		pkg, name := "", callee
		if i := strings.LastIndex(callee, "::"); i >= 0 {
			pkg, name = callee[:i], callee[i+2:]
		}
		switch {
		case pkg != "" && slices.Contains(goodModules, pkg),
			pkg == "" && (goodCalls[name] || imported[name]) && !v.defines(name),
			callee == "require" && slices.Contains(goodModules, v.t.Include(n).Module),
			v.t.Nodes[n].Kind == perlsrc.CallNode && slices.Contains(goodModules, v.t.Call(n).Class):
			v.good = append(v.good, n)
		}
	}
	return v.good
}

// branching are the reasons of Tree.Conditional that choose between two ways;
// loops and blocks of map do not.
var branching = []string{"if", "unless", "elsif", "else", "?:", "or", "||", "//", "and", "&&", "eval", "try", "catch", "finally", "||=", "//=", "do"}

// branches reports whether a node is only evaluated one way of several.
func (v *view) branches(n perlsrc.NodeID) bool {
	for range 40 {
		by, why := v.t.Conditional(n)
		if by == 0 {
			return false
		}
		if slices.Contains(branching, why) {
			return true
		}
		n = by
	}
	return false
}

// region gives what stands around a node and must hold the good source for which
// the node stands in: the named sub, or the outermost statement.
func (v *view) region(n perlsrc.NodeID) perlsrc.NodeID {
	region := perlsrc.NodeID(0)
	for at := n; at != 0; at = v.t.Nodes[at].Parent {
		switch node := v.t.Nodes[at]; node.Kind {
		case perlsrc.SubNode:
			if s := v.t.Sub(at); s.Name != "" && s.Word != "BEGIN" {
				return at
			}
		case perlsrc.StatementNode:
			if node.Form != perlsrc.Package && node.Form != perlsrc.Bare {
				region = at
			}
		}
	}
	return region
}

// fallback reports whether a use of a weak source stands in for a good one: in the
// same sub, or in one on its way, a good source is there, and one of them is only
// one way of several.
func (v *view) fallback(u use) bool {
	places := []perlsrc.NodeID{u.source.node}
	for _, s := range u.steps {
		places = append(places, s.Node)
	}
	regions := map[perlsrc.NodeID]bool{}
	for _, at := range places {
		region := v.region(at)
		if region == 0 || regions[region] {
			continue
		}
		regions[region] = true
		for _, g := range v.goodIn(region) {
			if v.f.Late() {
				return false
			}
			if v.together(g, at) {
				continue
			}
			if v.branches(g) || v.asked(g) || v.branches(at) || v.leftBetween(g, at, region) {
				return true
			}
		}
	}
	return false
}

// goodIn gives the good sources of a region.
func (v *view) goodIn(region perlsrc.NodeID) []perlsrc.NodeID {
	all := v.goodSources()
	first, _ := slices.BinarySearch(all, region)
	// What lies below a node stands together.
	n := sort.Search(len(all)-first, func(i int) bool { return !v.within(all[first+i], region) })
	return all[first : first+n]
}

// asked reports whether a node is part of a condition: if (open my $fh, ...).
func (v *view) asked(n perlsrc.NodeID) bool {
	for up := v.t.Nodes[n].Parent; up != 0; n, up = up, v.t.Nodes[up].Parent {
		switch v.t.Nodes[up].Kind {
		case perlsrc.SubNode, perlsrc.BlockNode:
			return false
		case perlsrc.StatementNode:
			if slices.Contains(branching, v.t.Keyword(n)) {
				return true
			}
			_, condition := v.t.Modifier(up)
			return condition == n
		}
	}
	return false
}

// leftBetween reports whether the sub may be left between a good source and what
// stands behind it: return $bytes if defined $bytes.
func (v *view) leftBetween(g, at, region perlsrc.NodeID) bool {
	for n := range v.f.Calls("return") {
		if n > g && n < at && v.within(n, region) && v.branches(n) {
			return true
		}
	}
	return false
}

// within reports whether a node lies in another.
func (v *view) within(n, in perlsrc.NodeID) bool {
	a, b := v.t.Nodes[n], v.t.Nodes[in]
	return a.First >= b.First && a.End <= b.End && n >= in
}

// together reports whether two nodes are parts of one value, as in
// sha1_hex(urandom(8) . rand): operands of one expression or arguments of one call,
// with no choice between them.
func (v *view) together(a, b perlsrc.NodeID) bool {
	for n := a; n != 0; n = v.t.Nodes[n].Parent {
		switch v.t.Nodes[n].Kind {
		case perlsrc.StatementNode, perlsrc.SubNode, perlsrc.LogicNode, perlsrc.TernaryNode:
			return false
		}
		if v.within(b, n) {
			return true
		}
	}
	return false
}

// mixedIn reports whether something good or secret is a part of the same value as
// a weak source.
func (v *view) mixedIn(n perlsrc.NodeID) bool {
	for _, g := range v.goodIn(v.t.EnclosingStatement(n)) {
		if v.f.Late() {
			return false
		}
		if g != n && v.together(g, n) {
			return true
		}
	}
	return false
}
