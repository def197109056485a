package playground

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
)

//go:embed page
var pageFiles embed.FS

// page serves the page's own files. Browsers keep them, and ask whether they have
// changed.
func page() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", pageType(name))
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(data)))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
}

// pageType doesn't ask the machine, which may say anything.
func pageType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}

// getFile hands out a file of a message: a picture to be shown, anything else to be
// saved and never to be shown here, where it could pass for part of the page.
func (p *Playground) getFile(w http.ResponseWriter, r *http.Request, _ *run) {
	b := p.book.find(r.FormValue("chat"), r.FormValue("bubble"))
	i, err := strconv.Atoi(r.FormValue("file"))
	if b == nil || err != nil || i < 0 || i >= len(b.Message.Files) {
		http.NotFound(w, r)
		return
	}
	f := b.Message.Files[i]
	how, kind := "attachment", "application/octet-stream"
	if isPicture(f.Type) {
		how, kind = "inline", f.Type
	} else if t, params, err := mime.ParseMediaType(f.Type); err == nil && strings.Contains(t, "/") {
		kind = mime.FormatMediaType(t, params)
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": fileName(f.Name)}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(f.Data) // whoever asked has gone if this fails
}

// fileName returns a name that is nothing but a name.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if name = strings.TrimLeft(name, "."); name == "" {
		return "file"
	}
	return name
}
