package discord

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A wireFile is a file that somebody has sent.
type wireFile struct {
	Name string `json:"filename"`
	Type string `json:"content_type"`
	Size int64  `json:"size"`
	URL  string `json:"url"`
}

// fetchFiles gets what came with a request. What is too large, or isn't there any more,
// stays without its data.
func (s *session) fetchFiles(ctx context.Context, e *event) error {
	if len(e.request.Files) > 0 { // when this was tried before
		return nil
	}
	var all []chat.File
	for _, w := range e.files[:min(len(e.files), maxFiles)] {
		f := chat.File{Name: fileName(w.Name), Type: clean(w.Type)}
		if w.Size <= chat.MaxFile {
			var err error
			if f.Data, err = s.api.download(ctx, w.URL); err != nil {
				return err
			}
		}
		all = append(all, f)
	}
	e.request.Files = all
	return nil
}

// download gets a file; nil: it is larger than files may be, or gone. The address has a
// signature, and the bot's token isn't sent.
func (a *api) download(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, nil //nolint:nilerr // there is no such file
	}
	response, err := a.client.Do(r)
	if err != nil {
		return nil, a.veil.brokenOff(err, "")
	}
	defer response.Body.Close()
	if response.StatusCode >= 400 && response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests {
		return nil, nil
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("discord answers %s for a file", response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, chat.MaxFile+1))
	if err != nil {
		return nil, a.veil.brokenOff(err, "")
	}
	if len(data) > chat.MaxFile {
		return nil, nil
	}
	return data, nil
}
