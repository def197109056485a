package playground

import (
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A view is a bubble as the page gets it: its text read, its files by address.
type view struct {
	ID      string       `json:"id"`
	Chat    string       `json:"chat"`
	Seq     int          `json:"seq"`
	Rev     int          `json:"rev"`
	Mine    bool         `json:"mine,omitempty"`
	Notice  bool         `json:"notice,omitempty"`
	At      time.Time    `json:"at"`
	Lines   []lineView   `json:"lines"`
	Buttons []buttonView `json:"buttons,omitempty"`
	Files   []fileView   `json:"files,omitempty"`
}

type lineView struct {
	Item  bool       `json:"item,omitempty"`
	Spans []spanView `json:"spans"`
}

type spanView struct {
	Text   string    `json:"text"`
	Bold   bool      `json:"bold,omitempty"`
	Italic bool      `json:"italic,omitempty"`
	Code   bool      `json:"code,omitempty"`
	Link   string    `json:"link,omitempty"`
	Moment time.Time `json:"moment,omitzero"`
}

type buttonView struct {
	Label   string `json:"label"`
	Command string `json:"command"`
}

type fileView struct {
	Name    string `json:"name"`
	Size    int    `json:"size"`
	Alt     string `json:"alt,omitempty"`
	Href    string `json:"href"`
	Picture bool   `json:"picture,omitempty"`
}

func (b *bubble) view(chatID string) *view {
	v := &view{
		ID: b.ID, Chat: chatID, Seq: b.seq, Rev: b.rev, Mine: b.Mine, Notice: b.Notice,
		At: b.At, Lines: linesOf(b.Message.Text),
	}
	for _, button := range b.Message.Buttons {
		v.Buttons = append(v.Buttons, buttonView{Label: button.Label, Command: button.Command})
	}
	for i, f := range b.Message.Files {
		v.Files = append(v.Files, fileView{
			Name: f.Name, Size: len(f.Data), Alt: f.Alt, Picture: isPicture(f.Type),
			Href: fileAddress(chatID, b, i),
		})
	}
	return v
}

func linesOf(text chat.Text) []lineView {
	if text == "" {
		return []lineView{}
	}
	lines := text.Lines()
	views := make([]lineView, len(lines))
	for i, line := range lines {
		spans := make([]spanView, len(line.Spans))
		for j, s := range line.Spans {
			spans[j] = spanView(s)
		}
		views[i] = lineView{Item: line.Item, Spans: spans}
	}
	return views
}

func isPicture(mediaType string) bool { return mediaType == "image/png" || mediaType == "image/jpeg" }

// fileAddress names the change, so that no browser shows what stood there before.
func fileAddress(chatID string, b *bubble, i int) string {
	return "/api/file?" + query("chat", chatID, "bubble", b.ID, "file", strconv.Itoa(i), "rev", strconv.Itoa(b.rev))
}
