// Package telegramtest is Telegram for tests: a server of the Bot API over real HTTP,
// and the people on the other side of it.
//
// The server is stricter than Telegram. It holds each call to the specification in
// testdata, which lists all methods, types and parameters, and to the limits that their
// descriptions name; what a correct client never does (a parameter that there isn't, a
// wrong type, HTML that isn't well-formed, a text that is too long) is refused as
// Telegram would, and also fails the test, unless it is expected: see [Server.Expect].
// What happens to correct clients, such as a person who blocks the bot, is only refused.
//
// People act through a [Seat], which is somebody in a chat; see [Server.User] and
// [Server.Group]. What Telegram does to its clients when it is busy or broken is asked
// for with [Server.Fault].
//
// The rules are those of https://core.telegram.org/bots/api as of the specification's
// version; where that page is silent, of Telegram's own server
// (https://github.com/tdlib/telegram-bot-api).
package telegramtest
