package strictyaml

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxNesting is how deep brackets or dashes may nest, and maxIndent how far a line
// may be indented: far more than anybody needs, and little enough for a parser
// that recurses.
const (
	maxNesting = 50
	maxIndent  = 500
	// maxKeys is how many lines may begin with a key: the parser takes quadratic time.
	maxKeys = 1000
)

// parse returns the body of the only document in text; nil after a mistake.
func (d *Document) parse(text string) (body ast.Node) {
	defer func() {
		if r := recover(); r != nil { // the parser meets whatever people type
			d.Report(Position{1, 1}, "this can't be read as YAML")
			body = nil
		}
	}()
	tokens := lexer.Tokenize(text)
	if !d.shallow(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return nil
	}
	return d.only(file)
}

// shallow refuses nesting that no honest file has.
func (d *Document) shallow(tokens token.Tokens) bool {
	brackets, dashes, line, keys := 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			dashes++
		case token.MappingValueType:
			if t.Prev != nil && t.Prev.Position.Column == 1 {
				keys++
			}
		default:
		}
		if keys > maxKeys {
			d.Report(Position{t.Position.Line, 1}, "there are too many keys: %d at most", maxKeys)
			return false
		}
		if brackets > maxNesting || dashes > maxNesting || t.Position.IndentNum > maxIndent {
			d.Report(Position{t.Position.Line, t.Position.Column}, "this is nested too deeply")
			return false
		}
	}
	return true
}

// only returns the body of the only document of a file.
func (d *Document) only(file *ast.File) ast.Node {
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc == nil || doc.Body == nil || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if _, comment := doc.Body.(*ast.CommentGroupNode); !comment {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) == 0 {
		d.Report(Position{1, 1}, "the file is empty")
		return nil
	}
	for _, body := range bodies[1:] {
		d.Report(place(body), "a second document begins here: remove the line --- and what follows it")
	}
	return bodies[0]
}

// plainer says in other words what the parser finds wrong most often.
var plainer = []struct{ part, text string }{
	{"found character '\t'", "a tab can't indent a line: use spaces"},
	{"found a tab character", "a tab can't indent a line: use spaces"},
	{"could not find end character", "the quotation mark that begins here is never closed"},
	{"sequence end token ']' not found", "the bracket [ that begins here is never closed: write ]"},
	{"could not find flow mapping end token", "the brace { that begins here is never closed: write }"},
	{"mapping value is not allowed", `there is a ": " too many: indent the line like those beside it, or put a text that has one in quotes`},
	{"is a reserved character", "a text can't begin with this character: put it in quotes"},
	{"non-map value is specified", `this is neither a key nor its value: write "key: value"`},
	{"',' or ']' must be specified", "a comma or ] is missing before this"},
	{"',' or '}' must be specified", "a comma or } is missing before this"},
	{"value is not allowed in this context", "this doesn't belong to what stands before it: check quotes, commas and the indentation"},
	{"block sequence entries are not allowed", `a list can't begin here: begin it on the next line, or put the text in quotes`},
	{"alias name", "anchors and aliases (& and *) aren't used here: put a text that begins with one in quotes"},
	{"anchor name", "anchors and aliases (& and *) aren't used here: put a text that begins with one in quotes"},
}

// syntax notes what the parser didn't like.
func (d *Document) syntax(err error) {
	at, text := Position{1, 1}, "this can't be read as YAML"
	var e yaml.Error
	if errors.As(err, &e) {
		if t := e.GetToken(); t != nil && t.Position != nil {
			at = Position{t.Position.Line, t.Position.Column}
		}
		text += ": " + e.GetMessage()
		for _, p := range plainer {
			if strings.Contains(e.GetMessage(), p.part) {
				text = p.text
				break
			}
		}
	}
	d.Report(at, "%s", text)
}
