// Package playground is a chat adapter that is a web page: on it anybody can take
// the part of every person of a cycle, without a token of any platform.
//
// The page shows the people at its side, any number of conversations next to each
// other, and the cycle's clock, which stands still until it is turned. What the page
// needs besides chatting is a [Stage]: the people, the clock, the timeline. A chat's
// id is the id of its user.
//
// It lets anyone be anyone, so it is for the loopback interface; elsewhere it wants
// a token ([Options]).
package playground
