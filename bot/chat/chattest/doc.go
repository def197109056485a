// Package chattest tests adapters: [Suite] holds one to what package chat says of
// adapters, and a [Story] is played with any of them. Both act as people do, on the
// far side of the adapter's platform, through a [Phone].
package chattest

import "github.com/kooperativa/mentorbot/bot/chat"

// A Platform is an adapter together with the world on the other side of it.
type Platform interface {
	chat.Adapter
	// Phone returns the app of a user, whose private chat with the bot it shows. The
	// id is the UserID of what the user does, unless the platform is a Directory.
	Phone(userID string) Phone
}

// A Directory is a Platform that gives its users ids of its own.
type Directory interface {
	// Address returns the ids, as requests have them, of the user who is Phone's who,
	// and of the user's private chat.
	Address(who string) (userID, chatID string)
}

// A Phone is what a person has in the hand. Its methods return when the platform has
// taken what was done; answers may come later.
type Phone interface {
	// Type sends a text.
	Type(text string) error
	// Tap taps the button with a label, of the latest message that has one.
	Tap(label string) error
	// Screen returns what the chat shows, oldest first.
	Screen() ([]Bubble, error)
}

// A Bubble is one message as a person sees it.
type Bubble struct {
	Mine    bool   // the person's own
	Text    string // without markup; items of lists begin with a bullet
	Buttons []string
	Files   []string // their names
	Links   []string // the addresses in the text
}
