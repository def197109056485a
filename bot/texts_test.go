package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var textID = regexp.MustCompile(`^[a-z][a-z-]*(\.[a-z][a-z-]*)+$`)

// saidInCode returns the ids of texts that stand in this package's code: whatever is
// written as one, and the first argument of text, title, say, button and lead.
func saidInCode(t *testing.T) map[string]token.Position {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]token.Position{}
	fset := token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		literal := func(e ast.Expr, prefix string) {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				if prefix != "" || textID.MatchString(s) {
					ids[strings.TrimPrefix(prefix, "-")+s] = fset.Position(lit.Pos())
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if method, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 {
					switch method.Sel.Name {
					case "button", "lead":
						literal(n.Args[0], "button.")
						return true
					case "text", "title", "say", "knock":
						literal(n.Args[0], "-")
					}
				}
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				literal(n, "")
			}
			return true
		})
	}
	return ids
}

func TestTextsInCodeAndFilesAreTheSame(t *testing.T) {
	src, err := os.ReadFile("locale/en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Texts map[string]any }
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	var walk func(string, any)
	walk = func(id string, v any) {
		inner, ok := v.(map[string]any)
		if _, plural := inner["other"]; !ok || plural {
			written[strings.TrimPrefix(id, ".")] = true
			return
		}
		for key, v := range inner {
			walk(id+"."+key, v)
		}
	}
	walk("", file.Texts)
	ids := saidInCode(t)
	if len(ids) < 40 {
		t.Fatalf("only %d texts are said", len(ids))
	}
	for id, position := range ids {
		if !written[id] {
			t.Errorf("%s: there is no text %s", position, id)
		}
	}
	for id := range written {
		if _, ok := ids[id]; !ok {
			t.Errorf("the text %s is never said", id)
		}
	}
}
