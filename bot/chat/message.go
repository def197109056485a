package chat

// What every platform takes. Words keep to it, so that no adapter has to cut them;
// texts that people write may be longer, and are split.
const (
	MaxText    = 2000    // UTF-16 code units of a Text, its markup included
	MaxLabel   = 64      // UTF-16 code units of a Button's label
	MaxCommand = 64      // bytes of a Button's command
	MaxButtons = 20      // of a message
	MaxFile    = 5 << 20 // bytes of a File
)

// A Message is what is said to somebody at once.
type Message struct {
	Text    Text
	Buttons []Button `json:",omitempty"` // in order of importance
	Files   []File   `json:",omitempty"` // sent with the text, pictures as pictures
}

// A Button says, when it is tapped, a short command line in the reader's stead. Who
// may is asked as if it had been typed.
type Button struct {
	Label   string // no markup
	Command string // such as "session 4k2mzq7xw3abc yes", MaxCommand bytes at most
	// Private: the button says nothing, and opens the reader's own chat with the bot. It
	// is for groups.
	Private bool `json:",omitempty"`
}

// A File is a picture or a document.
type File struct {
	Name string // as the reader's app saves it, with its ending
	Type string // its media type; image/png and image/jpeg are shown as pictures
	Data []byte
	Alt  string `json:",omitempty"` // says what a picture shows, to whoever can't see it
}
