// Package store remembers a mentorship programme: its nouns, what must always
// be true of them, and the one SQL text that keeps them on SQLite and on
// PostgreSQL.
//
// Everything goes through [Store.View] and [Store.Update], whose functions see
// one consistent state and one fixed "now". Times are UTC instants; dates and
// wall clocks are kept as people wrote them ([Date], [Wall]) and become instants
// only together with an IANA zone. Ids are made here ([NewID]); people never see
// them. The ids that people wrote in a program file are called slugs.
package store
