// Command kubernetes-provider is Pulumi's kubernetes provider as a plugin. The provider's own main package embeds files
// that its Go module leaves out: the schema and a mapping for Terraform, which no Node program asks for.
package main

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// That of the SDK in package.json: the engine warns of a plugin that says another.
const sdkVersion = "4.34.2"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println(sdkVersion)
		return
	}
	provider.Serve("kubernetes", sdkVersion, []byte("{}"), []byte("{}"))
}
