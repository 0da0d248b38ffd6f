package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Most commands live for milliseconds on a few megabytes, which need no
// collecting; what reads a whole system must not take memory by the number of
// its files. So the first collection comes at heap bytes, later ones there too,
// and where more than half of that is in use, at the double of what is, as Go
// has it by itself.
const heap = 16 << 20

// pace sets when memory is collected, and does so anew after each collection.
func pace() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent := 400 // of what is in use, beyond it; and of 4 MiB at the least
	if live[0].Value.Kind() == metrics.KindUint64 {
		if used := live[0].Value.Uint64(); used > heap/5 {
			percent = max(100, int(heap*100/used)-100)
		}
	}
	debug.SetGCPercent(percent)
	// What nothing refers to is gone with the next collection.
	runtime.AddCleanup(new([2]*byte), func(int) { pace() }, 0)
}
