package flow

// carries are perl's functions whose result is made of their arguments, and
// well-known digests and encoders.
var carries = map[string]bool{
	"lc": true, "uc": true, "lcfirst": true, "ucfirst": true, "fc": true, "quotemeta": true,
	"substr": true, "sprintf": true, "join": true, "reverse": true, "pack": true, "unpack": true,
	"int": true, "abs": true, "chr": true, "ord": true, "hex": true, "oct": true, "sqrt": true, "exp": true,
	"log": true, "sin": true, "cos": true, "atan2": true, "crypt": true, "vec": true, "split": true,
	"sort": true, "keys": true, "values": true, "each": true, "scalar": true, "delete": true, "gmtime": true, "localtime": true,
	"bless": true, "shift": true, "pop": true, "splice": true, "lock": true,

	"md5": true, "md5_hex": true, "md5_base64": true, "md4": true, "md4_hex": true, "md4_base64": true,
	"sha1": true, "sha1_hex": true, "sha1_base64": true, "sha224": true, "sha224_hex": true,
	"sha256": true, "sha256_hex": true, "sha256_base64": true, "sha384": true, "sha384_hex": true, "sha384_base64": true,
	"sha512": true, "sha512_hex": true, "sha512_base64": true, "sha512_224_hex": true, "sha512_256_hex": true,
	"sha3_256_hex": true, "sha3_512_hex": true, "sha1_sum": true, "md5_sum": true, "hmac_sha1_sum": true,
	"hmac_md5": true, "hmac_md5_hex": true, "hmac_sha1": true, "hmac_sha1_hex": true, "hmac_sha256": true,
	"hmac_sha256_hex": true, "hmac_sha256_base64": true, "hmac_sha512": true, "hmac_sha512_hex": true,
	"encode_base64": true, "encode_base64url": true, "decode_base64": true, "decode_base64url": true,
	"b64_encode": true, "b64_decode": true, "encode_base32": true, "encode_base58": true, "encode_base36": true,
	"encode_b64": true, "uri_escape": true, "uri_escape_utf8": true, "uri_unescape": true, "url_escape": true, "url_unescape": true,
	"url_encode": true, "url_decode": true, "encode_utf8": true, "decode_utf8": true, "encode": true, "decode": true,
	"escape_html": true, "escapeHTML": true, "encode_entities": true, "xml_escape": true, "html_escape": true,
	"encode_json": true, "to_json": true, "decode_json": true, "from_json": true, "freeze": true, "nfreeze": true, "thaw": true,
	"floor": true, "ceil": true, "round": true, "min": true, "max": true, "sum": true, "sum0": true, "shuffle": true, "uniq": true,
	"first": true, "trim": true, "bin_to_hex": true, "dualvar": true, "untaint": true,
}

// keeps are those of them that leave the values themselves as they are.
var keeps = map[string]bool{
	"sort": true, "reverse": true, "values": true, "scalar": true, "delete": true, "bless": true, "shift": true, "pop": true,
	"splice": true, "shuffle": true, "uniq": true, "first": true, "lock": true,
}

// lists are those that give several values.
var lists = map[string]bool{
	"split": true, "unpack": true, "sort": true, "reverse": true, "keys": true, "values": true, "each": true, "map": true, "grep": true,
	"shuffle": true, "uniq": true, "splice": true, "gmtime": true, "localtime": true,
}

// gathers are methods that put a value into the object of a digest or cipher,
// yields those that give what was made of all that was put.
var (
	gathers = map[string]bool{"add": true, "add_bits": true, "update": true, "addfile": true}
	yields  = map[string]bool{"digest": true, "hexdigest": true, "b64digest": true, "base64digest": true, "b64udigest": true, "as_string": true, "bstr": true, "as_hex": true, "bytes": true}
)

// carries says whether the result of a call of a function, not a method, is made
// of its arguments.
func carry(callee string) (name string, ok bool) {
	if i := lastColon(callee); i > 0 {
		callee = callee[i+1:]
	}
	return callee, carries[callee]
}

func lastColon(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ':' {
			return i
		}
	}
	return -1
}

// compares are the operators that give no part of what they compare.
var compares = map[string]bool{
	"eq": true, "ne": true, "lt": true, "gt": true, "le": true, "ge": true, "cmp": true, "isa": true,
	"==": true, "!=": true, "<": true, ">": true, "<=": true, ">=": true, "<=>": true, "~~": true,
}
