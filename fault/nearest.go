package fault

import "strings"

// Nearest is the word that s is most likely a mistake for, for a hint; "" for none.
// Words are in lower case.
func Nearest(s string, words []string) string {
	best, at := "", min(3, (len(s)+1)/2) // two mistakes are the most that are forgiven, and less than half of a short word
	for _, w := range words {
		if d := Distance(strings.ToLower(s), w); d < at {
			best, at = w, d
		} else if best == "" && len(s) > 2 && len(s) < 64 && (strings.HasPrefix(w, s) || strings.HasPrefix(strings.ReplaceAll(w, "-", "_"), s)) {
			best = w
		}
	}
	return best
}

// Distance counts the letters to change, add or drop (Levenshtein); texts of
// very different lengths are at 4 without counting.
func Distance(a, b string) int {
	if len(a) > len(b)+3 || len(b) > len(a)+3 {
		return 4
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left, diagonal := i+1, i
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			left = min(left+1, diagonal+1, cost)
			row[j+1] = left
		}
	}
	return row[len(b)]
}
