package audit

import "sync"

// held bounds the source that is in hand at once, in bytes, since the tokens, the
// tree and the flow of a file take 20 to 60 times as much memory as its source: of
// several giants one is looked at after another, while small files go on beside
// them, as far as Run lets them go ahead. One file alone may always be taken.
type held struct {
	mu    sync.Mutex // owns bytes
	less  sync.Cond  // bytes became less
	bytes int64
}

func newHeld() *held {
	h := &held{}
	h.less.L = &h.mu
	return h
}

// take waits until there is room for so many bytes. Nobody waits for ever: who
// holds some waits for nothing.
func (h *held) take(n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.bytes > 0 && h.bytes+n > MaxHeld {
		h.less.Wait()
	}
	h.bytes += n
}

func (h *held) give(n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bytes -= n
	h.less.Broadcast()
}
