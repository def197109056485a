// Package chat is the vocabulary of chatting: what a message is made of, in a form
// that each platform's adapter can render. It knows nothing of mentoring, and no
// platform.
//
// A message's [Text] is written in a small neutral markup. What people typed (names,
// titles, places) is never markup: it enters a text through [Escape], and whatever
// it contains appears as typed.
package chat
