// Package wire is what adapters share: the order of chats, what was sent under which key,
// how a connection fares, and how long to wait after a failure. It knows no platform.
package wire
