package csaf

import "strings"

// FileName is the name of the file of a document with a tracking id (5.1): in
// lower case, every run of what is no letter, digit, plus or minus an underscore.
func FileName(id string) string {
	var b strings.Builder
	under := false
	for _, c := range []byte(strings.ToLower(id)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '-' {
			b.WriteByte(c)
			under = false
		} else if !under {
			b.WriteByte('_')
			under = true
		}
	}
	return b.String() + ".json"
}

// IsVersionName says whether a text may be the name of a branch of the category
// "product_version" (6.1.31): it has nothing in it that ranges are written with.
func IsVersionName(s string) bool {
	lower := strings.ToLower(s)
	for _, word := range []string{"<", ">", "after", "all", "before", "earlier", "later", "prior", "versions"} {
		if strings.Contains(lower, word) {
			return false
		}
	}
	return s != ""
}
