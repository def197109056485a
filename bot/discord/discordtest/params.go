package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxUpload = 10 << 20 // of all files of a call, as for a server that nobody pays for
	maxFiles  = 10
)

// An Upload is a file as it was sent to the server.
type Upload struct {
	Name, Type  string
	Data        []byte
	Description string // for who can't see it
	id          string
}

// readBody reads the body of a call and holds it to the specification.
func (o *operation) readBody(r *http.Request, c *Call) *refusal {
	kind := r.Header.Get("Content-Type")
	if o.body == nil {
		return nil
	}
	data, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxUpload+1<<20))
	if err != nil {
		return errTooLarge
	}
	if len(data) == 0 {
		if o.needed || kind != "" {
			return errJSON
		}
		return nil
	}
	name, params, err := mime.ParseMediaType(kind)
	switch {
	case err == nil && name == "application/json":
	case err == nil && name == "multipart/form-data" && o.files:
		r.Body = io.NopCloser(bytes.NewReader(data))
		if data, err = readForm(r, c); err != nil || params["boundary"] == "" {
			return invalid(wrong("", "FORM", "multipart: %v.", err))
		}
	default:
		return invalid(wrong("", "CONTENT_TYPE_INVALID", "Expected \"Content-Type\" header to be one of {'application/json'}, not %q.", kind))
	}
	if c.Body, err = decode(data); err != nil {
		return errJSON
	}
	o.forgive(c)
	if p := o.body.check("", c.Body); p != nil {
		return invalid(p)
	}
	if p := checkFiles(c); p != nil {
		return invalid(p)
	}
	if rule := rules[o.id]; rule != nil {
		if refused := rule(c); refused != nil {
			return refused
		}
	}
	return nil
}

// forgive takes out what the bot's library puts into an edit, and Discord overlooks.
func (o *operation) forgive(c *Call) {
	if v, is := c.Body.(map[string]any); is && o.id == "update_message" && v["ID"] == c.Path["message_id"] && v["Channel"] == c.Path["channel_id"] {
		delete(v, "ID")
		delete(v, "Channel")
	}
}

// decode reads JSON, and nothing after it.
func decode(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() || !utf8.Valid(data) {
		return nil, io.ErrUnexpectedEOF
	}
	return v, nil
}

var fileField = regexp.MustCompile(`^files\[([0-9])\]$`)

// readForm keeps the files of a form, and returns what is beside them.
func readForm(r *http.Request, c *Call) (body []byte, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	body = []byte("{}")
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		name := part.FormName()
		m := fileField.FindStringSubmatch(name)
		switch {
		case name == "payload_json":
			body = data
		case m == nil:
			return nil, wrong(name, "UNKNOWN_FIELD", "There is no such part.")
		default:
			c.Files = append(c.Files, &Upload{Name: rawName(part.Header.Get("Content-Disposition")), Type: part.Header.Get("Content-Type"), Data: data, id: m[1]})
		}
	}
}

// rawName is a file's name as it was sent: Go's own reader keeps only what follows a slash.
func rawName(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return ""
	}
	return params["filename"]
}

// checkFiles says what is wrong with the files of a call and with what is said of them.
func checkFiles(c *Call) *problem {
	total := 0
	for _, f := range c.Files {
		at := "files." + f.id
		total += len(f.Data)
		switch {
		case f.Name == "" || len(f.Name) > 260 || strings.ContainsAny(f.Name, "/\\\x00\r\n"):
			return wrong(at, "BASE_TYPE_REQUIRED", "%q is no name of a file.", f.Name)
		case f.Type == "":
			return wrong(at, "BASE_TYPE_REQUIRED", "It has no media type.")
		}
	}
	if len(c.Files) > maxFiles || total > maxUpload {
		return wrong("files", "BASE_TYPE_MAX_LENGTH", "There are %d files with %d bytes, and may be %d with %d.", len(c.Files), total, maxFiles, maxUpload)
	}
	list, _ := c.data()["attachments"].([]any)
	for i, item := range list {
		a := as[struct{ ID, Filename, Description string }](item)
		n, err := strconv.Atoi(a.ID)
		if err != nil || n >= maxFiles {
			continue // it is there already
		}
		f := c.file(a.ID)
		if f == nil {
			return wrong("attachments."+strconv.Itoa(i)+".id", "ATTACHMENT_NOT_FOUND", "There is no file %s.", a.ID)
		}
		f.Description = a.Description
		if a.Filename != "" {
			f.Name = a.Filename
		}
	}
	return nil
}

func (c *Call) file(id string) *Upload {
	for _, f := range c.Files {
		if f.id == id {
			return f
		}
	}
	return nil
}

// data is what a body says of a message: that of a callback lies within.
func (c *Call) data() map[string]any {
	v, _ := c.Body.(map[string]any)
	if c.Method == "create_interaction_response" {
		v, _ = v["data"].(map[string]any)
	}
	return v
}
