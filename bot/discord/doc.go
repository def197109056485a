// Package discord is a [chat.Adapter] for Discord (https://docs.discord.com/developers).
//
// What people do comes over the gateway, without privileged intents, or is posted to an
// address of ours, signed. Every interaction is acknowledged within a second, with its
// answer if that is there, and has its effect once however often it is delivered.
//
// The connection is the package's own, and watches itself: a gateway that is silent, in
// whatever state, is left within one and a half of its heartbeats. Of discordgo there are
// the types and the encoding; docs/decisions has the reasons.
//
// A person's chat is the direct one with the bot, and has the person's id as its own; a
// channel of a server has "c" and its id. What is sent keeps to Discord's limits, replies
// before the rest.
//
// Neither the bot's token nor an interaction's is in any error, log or panic of this
// package.
package discord
