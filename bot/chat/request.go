package chat

import "context"

// A Request is what a person did in a chat: typed something, tapped a button, chose
// a command from a menu, filled in a form.
type Request struct {
	// ID is the platform's id of what was done. The platform may deliver it again,
	// for up to two days, and means the same thing.
	ID       string
	UserID   string // who did it
	ChatID   string // where; a place within a chat, as a topic, has that chat's id, a colon and its own
	Group    bool   // others read that chat too
	Title    string // of the group; "": unknown
	Language string // BCP 47 tag of the person's app; "": unknown
	// Text is what was typed, or the Command of the Button that was tapped.
	Text   string
	Tapped bool
	// Styled is what was typed as it was formatted, "" if it wasn't.
	Styled Text
	// Files came with it. One without Data was larger than MaxFile, or can't be had.
	Files []File
	// Options are values that the platform has asked for by name, for the command
	// that Text begins with: those of a slash command or a form.
	Options map[string]string
}

// A Reply is the answer to a request, to be shown where the request was made. If it has
// neither text nor files, there is nothing to say.
type Reply struct {
	Message
	// Update: the message takes the place of the one whose button was tapped. An
	// adapter that can't do so sends it as a new one. One without files may leave those
	// that stand there.
	Update bool `json:",omitempty"`
	// Ask, if not empty, says that something may be typed now, and hints at what.
	Ask string `json:",omitempty"`
	// Menu says that the commands which the person may use have changed, or the
	// language of their descriptions.
	Menu bool `json:",omitempty"`
	// Kept says that the reply is durable, and is sent after a restart unless its sending
	// was noted. One that isn't is made anew when the request is delivered again: a request
	// is done with when its reply is kept or was sent.
	Kept bool `json:"-"`
}

// A Handler answers requests to one bot. Its methods may be called at once from many
// goroutines; the requests of one chat are to be handled one after the other.
type Handler interface {
	// Handle does what a request asks for and returns what to answer. When it
	// returns without an error, the effect is durable, and the request must not be
	// delivered again; if it is, the effect isn't repeated and the reply is the
	// same. After an error nothing was done, and the request may be tried again.
	Handle(ctx context.Context, r Request) (Reply, error)
	// Sent notes that the reply to a request was sent. A reply that isn't noted may
	// be sent again after a restart.
	Sent(ctx context.Context, requestID string) error
	// Commands returns the commands that a user may use, in the user's language;
	// language is a guess, as in Request, for who hasn't told theirs. For userID "" they
	// are all there are.
	Commands(ctx context.Context, userID, language string) ([]Command, error)
	// Suggest returns likely values for an option of the command that a request is
	// about to give, given the options it has so far and what was typed of this one.
	Suggest(ctx context.Context, r Request, option, typed string) ([]Choice, error)
	// Changed notes what became of a chat. Told twice, it does nothing more; after an
	// error it is to be told again.
	Changed(ctx context.Context, c Change) error
}

// A Change is what became of a chat, and of all places within it, without anybody saying
// something.
type Change struct {
	Kind   ChangeKind
	ChatID string
	UserID string // whose private chat it is; "": a group
	Reason string // of Closed, one word: blocked, left
	To     string // of Moved: what ChatID is from now on
}

// A ChangeKind says what became of a chat.
type ChangeKind string

// The kinds of change.
const (
	Opened ChangeKind = "opened" // the bot can write there, perhaps again
	Closed ChangeKind = "closed" // it can't any more: blocked by the person, or removed from the group
	Moved  ChangeKind = "moved"  // the platform has given the chat another id
)

// A Command is what an adapter may offer in its platform's own way.
type Command struct {
	Name         string // lower case, a–z
	Description  string // one line, no markup
	Coordinators bool   // for them only
	Group        bool   // it can be given in a group
	Form         bool   // its options belong together, and may be asked for as one form
	Options      []Option
}

// An Option is a value that a command takes. One that isn't given is asked for.
type Option struct {
	Name        string
	Description string
	Required    bool
}

// A Choice is a likely value of an option.
type Choice struct{ Label, Value string }
