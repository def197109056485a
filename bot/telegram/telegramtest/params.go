package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxUpload is how much a call may carry.
const maxUpload = 60 << 20

// An Upload is a file as it was sent to the server.
type Upload struct {
	Name, Type string
	Data       []byte
}

// readParams returns the parameters of a call: those of JSON as they are, those of a form
// as the specification's types have them.
func readParams(r *http.Request, body []byte, method string) (map[string]any, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Header.Get("Content-Type") == "" {
		kind, err = "application/x-www-form-urlencoded", nil
	}
	if err != nil {
		return nil, fmt.Errorf("content type: %w", err)
	}
	switch kind {
	case "application/json":
		return readJSON(body, method)
	case "application/x-www-form-urlencoded", "multipart/form-data":
		r.Body = io.NopCloser(bytes.NewReader(body))
		return readForm(r, kind, method)
	}
	return nil, fmt.Errorf("content type %q", kind)
}

func readJSON(data []byte, method string) (map[string]any, error) {
	v, err := decode(data)
	if err != nil {
		return nil, err
	}
	values, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the body is %T, and must be an object", v)
	}
	for name, v := range values {
		if s, is := v.(string); is && fieldOf(method, name).structured() {
			if values[name], err = fromForm(fieldOf(method, name), s); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return values, nil
}

// decode reads JSON, and nothing after it.
func decode(data []byte) (v any, err error) {
	if !utf8.Valid(data) {
		return nil, errors.New("strings must be encoded in UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("can't parse JSON: %w", err)
	}
	if d.More() {
		return nil, errors.New("can't parse JSON: there is more after it")
	}
	return v, nil
}

func readForm(r *http.Request, kind, method string) (map[string]any, error) {
	values := map[string]any{}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	if kind == "multipart/form-data" {
		if err := r.ParseMultipartForm(maxUpload); err != nil {
			return nil, err
		}
	}
	for name, all := range r.Form {
		if len(all) > 1 {
			return nil, fmt.Errorf("the parameter %q is given twice", name)
		}
		if !utf8.ValidString(all[0]) {
			return nil, errors.New("strings must be encoded in UTF-8")
		}
		v, err := fromForm(fieldOf(method, name), all[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = v
	}
	if r.MultipartForm == nil {
		return values, nil
	}
	return values, readFiles(r.MultipartForm, method, values)
}

// readFiles adds the files of a form. One that isn't a parameter must be referred to by
// attach://.
func readFiles(f *multipart.Form, method string, values map[string]any) error {
	for name, all := range f.File {
		if _, twice := values[name]; twice || len(all) > 1 {
			return fmt.Errorf("the parameter %q is given twice", name)
		}
		in, err := all[0].Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(in)
		_ = in.Close() // it was read
		if err != nil {
			return err
		}
		u := &Upload{Name: all[0].Filename, Type: all[0].Header.Get("Content-Type"), Data: data}
		if fieldOf(method, name) != nil || !attach(values, "attach://"+name, u) {
			values[name] = u
		}
	}
	return nil
}

// An attached file stands where attach:// was.
func attach(v any, mark string, u *Upload) (found bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if inner == mark {
				v[key], found = u, true
			} else if attach(inner, mark, u) {
				found = true
			}
		}
	case []any:
		for _, inner := range v {
			found = attach(inner, mark, u) || found
		}
	}
	return found
}

func fieldOf(method, name string) *field {
	if o := api().methods[method]; o != nil {
		return o.fields[name]
	}
	return nil
}

// takes reports whether a field may be a scalar of a type. A field that there isn't takes
// anything: that it isn't there is found out later.
func (f *field) takes(scalar string) bool {
	if f == nil {
		return true
	}
	for _, form := range f.shape {
		if form.scalar == scalar {
			return true
		}
	}
	return false
}

// structured reports whether a field is a list or an object, which may be given as a text
// that is JSON.
func (f *field) structured() bool {
	return f != nil && !slices.ContainsFunc(f.shape, func(form form) bool { return form.scalar != "" })
}

// fromForm reads what a form, in which all is text, says of a field.
func fromForm(f *field, s string) (any, error) {
	switch {
	case f == nil:
		return s, nil
	case f.takes("Integer") || f.takes("Float"):
		if v, err := decode([]byte(s)); err == nil {
			if n, is := v.(json.Number); is {
				return n, nil
			}
		}
		return s, nil
	case f.takes("String"), f.takes("InputFile"):
		return s, nil
	case f.takes("Boolean"):
		switch strings.ToLower(s) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return s, nil
	}
	return decode([]byte(s))
}
