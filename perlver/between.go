package perlver

// Between gives a version above v and below w, or any above v where w is the
// zero Version: a sample of what lies between two neighbours. It is the zero
// Version where nothing lies there.
func Between(v, w Version) Version {
	if !w.IsZero() && compare(&v, &w) >= 0 {
		return Version{}
	}
	// With zeros up to the longer of the two, and a 1 behind them, it is above v
	// and still less than w at the first component in which v is.
	between := Version{flags: dotted}
	for i := range max(int(v.n), int(w.n), 3) {
		between.push(v.at(i))
	}
	between.push(1)
	between.finish()
	between.text = between.Normal()
	return between
}
