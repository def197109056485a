package bot

// memberCommands are for everybody in a cycle, and for who is on the way into one.
var memberCommands = []command{
	{name: "log", describe: "command.log", who: member, options: []option{whichPair, dayHeld, howLong}, acts: true, run: (*turn).log},
	{name: "progress", describe: "command.progress", who: member, options: []option{aPair, pageFrom}, run: (*turn).progress},
	{name: "next", describe: "command.next", who: member, run: (*turn).upcoming},
	{name: "sessions", describe: "command.sessions", who: member, options: []option{pageFrom}, run: (*turn).sessions},
	{name: "event", describe: "command.event", who: member, options: []option{whichEvent, anAnswer, eventDay, pageFrom}, run: (*turn).showEvent},
	{name: "settings", describe: "command.settings", who: known, options: []option{aboutWhat}, run: (*turn).settings},
	{name: "start", describe: "command.start", who: anyone, options: []option{code}, run: (*turn).start},
	{name: "help", describe: "command.help", who: anyone, run: (*turn).help},
	{name: "privacy", describe: "command.privacy", who: anyone, run: (*turn).privacy},
}

// coordinatorCommands are for coordinators.
var coordinatorCommands = []command{
	{name: "overview", describe: "command.overview", who: coordinator, options: []option{whichCycle}, run: (*turn).overview},
	{name: "announce", describe: "command.announce", who: coordinator, options: []option{whichCycle}, run: (*turn).announce},
	{name: "people", describe: "command.people", who: coordinator, options: []option{whichCycle, aName}, run: (*turn).people},
	{name: "manage", describe: "command.manage", who: coordinator, options: []option{whichCycle}, run: (*turn).manage},
	{name: "group", describe: "command.group", who: coordinator, run: (*turn).groups, inGroup: (*turn).linkHere},
}

// buttonCommands are what only buttons say.
var buttonCommands = []command{
	{name: "undo", who: known, options: []option{anID("entry")}, acts: true, run: (*turn).undo},
	{name: "right", who: member, options: []option{anID("meeting")}, acts: true, run: (*turn).right},
	{name: "off", who: member, options: []option{anID("meeting")}, acts: true, run: (*turn).off},
	{name: "back", who: member, options: []option{anID("meeting")}, acts: true, run: (*turn).back},
	{name: "move", who: member, options: []option{anID("meeting"), dayAhead, clockTime}, run: (*turn).move},
	{name: "settle", who: coordinator, options: []option{anID("meeting"), yesOrNo}, acts: true, run: (*turn).settle},
	{name: "pairs", who: coordinator, options: []option{whichCycle, pageFrom}, run: (*turn).pairs},
	{name: "session", who: member, options: []option{anID("subject"), anAnswer}, run: (*turn).showSession},
	{name: "messages", who: member, options: []option{pageFrom}, run: (*turn).messages},
	{name: "calendar", who: member, options: []option{calendarOf}, run: (*turn).calendar},
	{name: "read", who: member, options: []option{anID("announcement")}, acts: true, run: (*turn).read},
	{name: "post", who: coordinator, options: []option{whichCycle, toWhom, whom, theText}, run: (*turn).post},
	{name: "posts", who: coordinator, options: []option{whichCycle, pageFrom}, run: (*turn).posts},
	{name: "announcement", who: coordinator, options: []option{anAnnouncement}, run: (*turn).card},
	{name: "send", who: coordinator, options: []option{anAnnouncement, aMark}, acts: true, run: (*turn).send},
	{name: "when", who: coordinator, options: []option{anAnnouncement, dayAhead, clockTime}, run: (*turn).when},
	{name: "retext", who: coordinator, options: []option{anAnnouncement, newText}, run: (*turn).retext},
	{name: "redirect", who: coordinator, options: []option{anAnnouncement, toWhom, whom}, run: (*turn).redirect},
	{name: "discard", who: coordinator, options: []option{anAnnouncement}, acts: true, run: (*turn).discard},
	{name: "unread", who: coordinator, options: []option{anAnnouncement}, run: (*turn).notRead},
	{name: "remind", who: coordinator, options: []option{anAnnouncement}, acts: true, run: (*turn).remind},
	{name: "correct", who: coordinator, options: []option{anAnnouncement, newText}, run: (*turn).correct},
	{name: "corrected", who: coordinator, options: []option{anAnnouncement, aMark}, acts: true, run: (*turn).corrected},
	{name: "withdraw", who: coordinator, options: []option{anAnnouncement, sure}, run: (*turn).withdraw},
	{name: "cancel", who: anyone, run: (*turn).cancel},
}
