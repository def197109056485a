package telegramtest

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // what a photo may be
	_ "image/png"
	"mime"
	"path"
	"strconv"
	"strings"
)

// What a file may be, as https://core.telegram.org/bots/api#sending-files says.
const (
	maxPhoto    = 10 << 20
	maxDocument = 50 << 20
	maxSides    = 10000 // width and height together
	maxRatio    = 20
)

// store puts a file into a message: one of this call, or one that the server knows.
func (s *Server) store(p *post, kind string, file any) *refusal {
	u, is := file.(*Upload)
	id, _ := file.(string)
	if !is {
		if u = s.files[id]; u == nil {
			return broken(fmt.Errorf("wrong file identifier/HTTP URL specified: %q", id))
		}
	} else {
		id = "file-" + strconv.Itoa(len(s.files)+1)
	}
	w := wireFile{FileID: id, UniqueID: "unique-" + id, Size: len(u.Data)}
	switch kind {
	case "photo":
		c, err := checkPhoto(u)
		if err != nil {
			return broken(err)
		}
		w.Width, w.Height = c.Width, c.Height
		p.Photo = []wireFile{w}
	case "document":
		if err := checkDocument(u); err != nil {
			return broken(err)
		}
		w.Name, w.Type = u.Name, mime.TypeByExtension(path.Ext(u.Name))
		p.Document = &w
	default:
		return broken(fmt.Errorf("a file of the type %q is unknown to this server", kind))
	}
	s.files[id] = u
	p.names = []string{u.Name}
	return nil
}

func checkDocument(u *Upload) error {
	switch {
	case len(u.Data) == 0:
		return errors.New("file must be non-empty")
	case len(u.Data) > maxDocument:
		return errors.New("file is too big")
	case u.Name == "" || len(u.Name) > 255 || strings.ContainsAny(u.Name, "/\\\x00\r\n"):
		return fmt.Errorf("no name of a file: %q", u.Name)
	}
	return nil
}

func checkPhoto(u *Upload) (c image.Config, err error) {
	if err := checkDocument(u); err != nil {
		return c, err
	}
	c, _, err = image.DecodeConfig(bytes.NewReader(u.Data))
	if err == nil {
		_, _, err = image.Decode(bytes.NewReader(u.Data))
	}
	w, h := c.Width, c.Height
	switch {
	case err != nil:
		return c, errors.New("IMAGE_PROCESS_FAILED")
	case len(u.Data) > maxPhoto:
		return c, errors.New("photo is too big")
	case w+h > maxSides || w > maxRatio*h || h > maxRatio*w:
		return c, errors.New("PHOTO_INVALID_DIMENSIONS")
	}
	return c, nil
}

// File returns a file that was sent, by its id.
func (s *Server) File(id string) (Upload, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.files[id]
	if u == nil {
		return Upload{}, false
	}
	return *u, true
}
