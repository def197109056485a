// Package discordtest is Discord for tests: a server of its HTTP API and its gateway over
// real HTTP and WebSocket, and the people on the other side of it.
//
// The server is stricter than Discord. It holds each body to the specification in
// testdata (MIT, as its info.license says), refuses the fields that the specification
// doesn't know, and holds it to the limits that are only in Discord's documentation; what
// a correct client never does is refused as Discord would, and also fails the test unless
// it is expected: see [Server.Expect]. What happens to correct clients, such as a person
// who closes their direct messages, is only refused.
//
// People act through a [Seat], which is somebody in a channel; see [Server.User] and
// [Channel.Seat]. Their app refuses what Discord's refuses: a command that isn't there, a
// required option that lacks, a choice that isn't offered, a form that isn't filled in.
// What Discord does to its clients when it is busy or broken is asked for with
// [Server.Fault], [Server.Silence], [Server.Hang] and the methods beside them.
//
// A phone's screen shows a message as a person sees it: without markdown and escapes,
// items of lists with a bullet, a link as its words (its address is in the bubble's
// Links), a moment such as <t:…:F> in the zone of its reader as "Thursday, 21 January 2027
// at 18:00", and an embed below the text that it came with.
//
// Two things of the library that the bot uses are let through, as Discord lets them:
// fields that belong to another kind of the same object and say nothing (null, false, "",
// an empty list), and the message's ids in the body of an edit.
//
// The rules are those of https://docs.discord.com/developers as of the specification's
// version. Lengths are in UTF-16 code units, of which a text never has fewer than of
// what Discord counts.
package discordtest
