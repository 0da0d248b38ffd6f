// Package pkgver orders the versions of operating systems' packages as dpkg, apk
// and rpm do.
package pkgver
