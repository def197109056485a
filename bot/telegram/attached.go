package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A wireFile is a file or a picture that somebody has sent.
type wireFile struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

// attached are what came with a message and may go on to others: a file, or a picture in
// the largest of the sizes that Telegram has made.
func (m *wireMessage) attached() (all []wireFile) {
	if m.Document != nil {
		all = append(all, *m.Document)
	}
	if n := len(m.Photo); n > 0 {
		f := m.Photo[n-1]
		f.Name, f.Type = "photo.jpg", "image/jpeg" // Telegram makes all of them so
		all = append(all, f)
	}
	return all
}

// fetchFiles gets what came with a request. What is too large stays without its data.
func (s *session) fetchFiles(ctx context.Context, e *event) error {
	if len(e.request.Files) > 0 { // when this was tried before
		return nil
	}
	var all []chat.File
	for _, w := range e.files {
		f := chat.File{Name: clean(w.Name), Type: clean(w.Type)}
		if w.Size <= chat.MaxFile {
			var err error
			if f.Data, err = s.api.download(ctx, w.ID); err != nil {
				return err
			}
		}
		all = append(all, f)
	}
	e.request.Files = all
	return nil
}

// fetchFor is how long a file may take: its request has to be handled in time.
const fetchFor = patience / 2

// download gets a file; nil: it is larger than files may be, or can't be had.
func (a *api) download(ctx context.Context, id string) (data []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchFor)
	defer cancel()
	var file *models.File
	err = a.do(ctx, func(ctx context.Context) (err error) {
		file, err = a.lib.GetFile(ctx, &tg.GetFileParams{FileID: id})
		return err
	})
	if err == nil {
		err = a.do(ctx, func(ctx context.Context) error {
			data, err = a.read(ctx, a.root+"/file/bot"+a.veil.token+"/"+file.FilePath)
			return err
		})
	}
	switch f := asFault(err); {
	case f == nil && len(data) <= chat.MaxFile:
		return data, nil
	case f == nil, f.kind == refused, errors.Is(f, context.DeadlineExceeded): // Telegram hands out none above 20 MB
		return nil, nil
	}
	return nil, err
}

// read reads what is at an address, and no more than tells that it is too large. Without
// an error there is nothing, if Telegram's side says that there isn't.
func (a *api) read(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := a.files.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return io.ReadAll(io.LimitReader(response.Body, chat.MaxFile+1))
	case http.StatusNotFound, http.StatusForbidden, http.StatusGone, http.StatusBadRequest:
		return nil, nil
	}
	return nil, fmt.Errorf("telegram answers %s for a file", response.Status)
}
