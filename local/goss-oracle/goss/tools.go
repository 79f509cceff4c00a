//go:build tools

// Nothing but the version of goss that is built from here.
package tools

import _ "github.com/goss-org/goss/cmd/goss"
