//go:build !linux

package indexbuild

import "errors"

// exchange is not to be had everywhere.
func exchange(string, string) error { return errors.ErrUnsupported }
