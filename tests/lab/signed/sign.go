// Signs what a store would say of a snap file, with the test keys that snapd's own sources publish. Prints the assertions.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/snapcore/snapd/asserts"
	"github.com/snapcore/snapd/asserts/assertstest"
	"github.com/snapcore/snapd/asserts/systestkeys"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// sign NAME SNAP-ID REVISION FILE
func main() {
	name, id, revision, file := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	key, _ := assertstest.ReadPrivKey(systestkeys.TestRootPrivKey)
	db, err := asserts.OpenDatabase(&asserts.DatabaseConfig{KeypairManager: asserts.NewMemoryKeypairManager()})
	must(err)
	must(db.ImportKey(key))
	digest, size, err := asserts.SnapFileSHA3_384(file)
	must(err)
	now := time.Now().UTC().Format(time.RFC3339)
	sign := func(kind *asserts.AssertionType, headers map[string]interface{}) {
		headers["authority-id"] = "testrootorg"
		headers["timestamp"] = now
		headers["snap-id"] = id
		signed, err := db.Sign(kind, headers, nil, key.PublicKey().ID())
		must(err)
		os.Stdout.Write(asserts.Encode(signed))
		fmt.Println()
	}
	sign(asserts.SnapDeclarationType, map[string]interface{}{
		"series": "16", "snap-name": name, "publisher-id": "testrootorg",
	})
	sign(asserts.SnapRevisionType, map[string]interface{}{
		"snap-sha3-384": digest, "snap-size": fmt.Sprint(size), "snap-revision": revision, "developer-id": "testrootorg",
	})
}
