package spdx

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"nacre/jsondoc"
)

var nodeType = reflect.TypeFor[*jsondoc.Node]()

// encode writes a value of package bom as JSON: fields by their names in lower
// case, what is zero left out, and never Raw.
func encode(v reflect.Value) *jsondoc.Node {
	switch v.Kind() {
	case reflect.String:
		return jsondoc.String(v.String())
	case reflect.Bool:
		return jsondoc.Bool(v.Bool())
	case reflect.Int:
		return jsondoc.Number(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint8:
		return jsondoc.Number(strconv.FormatUint(v.Uint(), 10))
	case reflect.Float64:
		f := v.Float()
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0 // JSON has no such number
		}
		return jsondoc.Number(strconv.FormatFloat(f, 'g', -1, 64))
	case reflect.Pointer:
		if !v.IsNil() {
			return encode(v.Elem())
		}
	case reflect.Slice:
		list := jsondoc.Array()
		for i := range v.Len() {
			list.Items = append(list.Items, encode(v.Index(i)))
		}
		return list
	case reflect.Struct:
		object := jsondoc.Object()
		for i := range v.NumField() {
			if f := v.Field(i); f.Type() != nodeType && !empty(f) {
				object.Set(strings.ToLower(v.Type().Field(i).Name), encode(f))
			}
		}
		return object
	}
	return &jsondoc.Node{}
}

func empty(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

// decode reads what encode wrote. It reports false, and leaves v in any state,
// where the JSON is of another shape.
func decode(n *jsondoc.Node, v reflect.Value) bool {
	if n.Is(jsondoc.KindNull) {
		v.SetZero()
		return true
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Str())
		return n.Is(jsondoc.KindString)
	case reflect.Bool:
		v.SetBool(n.Text == "true")
		return n.Is(jsondoc.KindBool)
	case reflect.Int, reflect.Uint8:
		i, err := strconv.ParseInt(n.Text, 10, 64)
		if err != nil || !n.Is(jsondoc.KindNumber) {
			return false
		}
		if v.Kind() == reflect.Int {
			v.SetInt(i)
			return true
		}
		v.SetUint(uint64(i) & 0xff)
		return i >= 0 && i <= 0xff
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.Text, 64)
		v.SetFloat(f)
		return err == nil && n.Is(jsondoc.KindNumber)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decode(n, v.Elem())
	case reflect.Slice:
		if !n.Is(jsondoc.KindArray) {
			return false
		}
		v.SetZero()
		for _, item := range n.Items {
			e := reflect.New(v.Type().Elem()).Elem()
			if !decode(item, e) {
				return false
			}
			v.Set(reflect.Append(v, e))
		}
		return true
	case reflect.Struct:
		if !n.Is(jsondoc.KindObject) {
			return false
		}
		for i := range v.NumField() {
			if m := n.Get(strings.ToLower(v.Type().Field(i).Name)); m != nil && v.Field(i).Type() != nodeType {
				if !decode(m, v.Field(i)) {
					return false
				}
			}
		}
		return true
	}
	return false
}

// compact writes a tree on one line.
func compact(b []byte, n *jsondoc.Node) []byte {
	switch {
	case n.Is(jsondoc.KindString):
		return jsondoc.AppendString(b, n.Text)
	case n.Is(jsondoc.KindArray):
		b = append(b, '[')
		for i, item := range n.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = compact(b, item)
		}
		return append(b, ']')
	case n.Is(jsondoc.KindObject):
		b = append(b, '{')
		for i, m := range n.Members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(jsondoc.AppendString(b, m.Key), ':')
			b = compact(b, m.Value)
		}
		return append(b, '}')
	case n.Is(jsondoc.KindNull):
		return append(b, "null"...)
	}
	return append(b, n.Text...)
}
