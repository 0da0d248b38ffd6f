package web

import (
	"hash/maphash"
	"math"
	"net/netip"
	"sync"
	"time"
)

// shards is how many locks the buckets have, so that clients seldom wait for each
// other.
const shards = 16

// buckets are the token buckets of clients: of each address of IPv4, and of each /64
// of IPv6, which is what one customer has.
type buckets struct {
	rate, burst float64 // tokens a second, and at most
	most        int     // clients of a shard
	seed        maphash.Seed
	shards      [shards]shard
}

type shard struct {
	mu sync.Mutex
	of map[netip.Addr]bucket // mu guards it
}

type bucket struct {
	tokens float64
	at     time.Time
}

func newBuckets(rate, burst float64, clients int) *buckets {
	b := &buckets{rate: rate, burst: max(burst, 1), most: max(1, clients/shards), seed: maphash.MakeSeed()}
	for i := range b.shards {
		b.shards[i].of = map[netip.Addr]bucket{}
	}
	return b
}

// take takes tokens of a client's bucket. Where there are not enough, wait says in
// how many seconds there will be. A request that costs more than a bucket holds
// needs a full one.
func (b *buckets) take(ip netip.Addr, cost float64, now time.Time) (wait int, ok bool) {
	if b.rate <= 0 {
		return 0, true
	}
	ip = customer(ip)
	cost = min(cost, b.burst)
	s := b.shard(ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	is, known := s.of[ip]
	switch {
	case known:
		is.tokens = min(b.burst, is.tokens+b.rate*max(0, now.Sub(is.at).Seconds()))
	default:
		if len(s.of) >= b.most {
			s.forget(b, now)
		}
		is.tokens = b.burst
	}
	is.at = now
	if is.tokens < cost {
		s.of[ip] = is
		return int(math.Ceil((cost - is.tokens) / b.rate)), false
	}
	is.tokens -= cost
	s.of[ip] = is
	return 0, true
}

// charge takes more of a client's bucket for a request that was answered: it may then
// owe tokens, at most as many as the bucket holds.
func (b *buckets) charge(ip netip.Addr, cost float64) {
	ip = customer(ip)
	s := b.shard(ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	if is, known := s.of[ip]; known {
		is.tokens = max(is.tokens-cost, -b.burst)
		s.of[ip] = is
	}
}

// customer is what has a bucket.
func customer(ip netip.Addr) netip.Addr {
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return ip
}

func (b *buckets) shard(ip netip.Addr) *shard {
	return &b.shards[maphash.Comparable(b.seed, ip)%shards]
}

// forget makes room: of some clients, that have a full bucket again, and where there
// is none, of one that is met first. A table that is full of others' addresses so
// costs no memory, and may forget that somebody has asked too often.
func (s *shard) forget(b *buckets, now time.Time) {
	n, gone := 0, 0
	var any netip.Addr
	for ip, is := range s.of {
		any = ip
		if is.tokens+b.rate*now.Sub(is.at).Seconds() >= b.burst {
			delete(s.of, ip)
			gone++
		}
		if n++; n == 64 {
			break
		}
	}
	if gone == 0 {
		delete(s.of, any)
	}
}
