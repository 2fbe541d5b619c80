// kustomize's own image filter as a KRM function, through kyaml's function framework: what the kpt catalog's set-image consists of,
// from modules that every Go proxy has.
package main

import (
	"os"

	"sigs.k8s.io/kustomize/api/filters/imagetag"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/kio"
)

func main() {
	image := types.Image{Name: "ghcr.io/stefanprodan/podinfo", NewTag: "6.0.0"}
	byReadWriter := &kio.ByteReadWriter{Reader: os.Stdin, Writer: os.Stdout, KeepReaderAnnotations: true}
	err := framework.Execute(framework.ResourceListProcessorFunc(func(list *framework.ResourceList) error {
		items, err := imagetag.LegacyFilter{ImageTag: image}.Filter(list.Items)
		list.Items = items
		return err
	}), byReadWriter)
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
}
