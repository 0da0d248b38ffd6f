package flow

// fromFill goes on to what a sub of the file assigns to its argument.
func (b *backward) fromFill(it item, w write) (found bool) {
	g, number := b.g, w.fills-1
	ctx, ok := b.enter(it.ctx, w.node, number)
	if !ok {
		return false
	}
	t := it.trail.stepped(w.node, "filled by "+g.nameOf(number))
	for _, f := range g.fillsOf(number) {
		if f.index == w.pos && b.spend() {
			last := g.last(f.assign)
			assigned := write{node: f.assign, from: last, op: g.tree.Operator(last), into: f.into}
			found = b.fromWrite(item{state{it.node, it.path, ctx}, t}, assigned, "its argument") || found
		}
	}
	return found
}
