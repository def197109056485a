// Package scheduler watches the clock of a mentorship cycle.
//
// [Plan] and [Pace] are pure: they alone know what is due, and everything that
// asks (the tick, a member's /next, the rehearsal) asks them. [Scheduler.Tick]
// turns the plan into rows of the outbox and has them sent: plan, claim,
// condition asked again, send, settle. Ticks may repeat, race and come late; the
// keys of messages make that harmless.
//
// How the words of the programme are read is in docs/decisions/0001-what-is-due.md.
package scheduler
