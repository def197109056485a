// Package telegram is a [chat.Adapter] for Telegram, over its Bot API
// (https://core.telegram.org/bots/api).
//
// An update is confirmed to Telegram only when what it asked for is durable: by long
// polling, the offset moves over updates that are done with, in the order in which they
// came; a webhook is answered then. So a process that is killed at any moment loses none.
// One update that can't be read, or whose handler panics or doesn't return, is set aside
// and stops nobody.
//
// What is sent keeps to Telegram's limits, replies before the rest, and what Telegram asks
// to wait for is waited for in its chat only, unless it turns out to concern all.
//
// The token is in no error, log or panic of this package: it never leaves the part that
// calls Telegram.
package telegram
