// Reads YAML documents with go-yaml v3, as kustomize and kyaml do. Stdin has one JSON string a
// line, each a document; stdout gets a line for each: an error as a string, or the node.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// node is a scalar as its text, a sequence as an array, a mapping as an object with its entries,
// an alias as an object with its name.
func node(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		entries := [][2]any{}
		for i := 0; i < len(n.Content); i += 2 {
			entries = append(entries, [2]any{node(n.Content[i]), node(n.Content[i+1])})
		}
		return map[string]any{"entries": entries}
	case yaml.SequenceNode:
		items := []any{}
		for _, item := range n.Content {
			items = append(items, node(item))
		}
		return items
	case yaml.AliasNode:
		return map[string]any{"alias": n.Value}
	default:
		return n.Value
	}
}

func read(text string) any {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var first, second yaml.Node
	if err := decoder.Decode(&first); err == io.EOF {
		return map[string]any{"value": nil}
	} else if err != nil {
		return err.Error()
	}
	if err := decoder.Decode(&second); err == nil {
		return "another document follows"
	} else if err != io.EOF {
		return err.Error()
	}
	return map[string]any{"value": node(first.Content[0])}
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	decoder := json.NewDecoder(input)
	for {
		var text string
		if err := decoder.Decode(&text); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		if err := output.Encode(read(text)); err != nil {
			panic(err)
		}
	}
}
