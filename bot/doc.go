// Package bot talks: it knows what is said to whom, in their language and their
// zone. One file a noun. It knows no platform; messages are package chat's.
package bot
