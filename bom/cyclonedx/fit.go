package cyclonedx

import "nacre/jsondoc"

func (w *writer) fit(doc *jsondoc.Node) *jsondoc.Node { return doc }
