package bot

// memberCommands are for everybody in a cycle, and for who is on the way into one.
var memberCommands = []command{
	{name: "log", describe: "command.log", who: member, options: []option{whichPair, dayHeld, howLong}, acts: true, form: true, run: (*turn).log},
	{name: "start", describe: "command.start", who: anyone, options: []option{code}, run: (*turn).start},
	{name: "help", describe: "command.help", who: anyone, run: (*turn).help},
}

// coordinatorCommands are for coordinators.
var coordinatorCommands = []command{}

// buttonCommands are what only buttons say.
var buttonCommands = []command{
	{name: "undo", who: known, options: []option{anID("entry")}, acts: true, run: (*turn).undo},
	{name: "right", who: member, options: []option{anID("meeting")}, acts: true, run: (*turn).right},
	{name: "off", who: member, options: []option{anID("meeting")}, acts: true, run: (*turn).off},
	{name: "back", who: member, options: []option{anID("meeting")}, acts: true, run: (*turn).back},
	{name: "move", who: member, options: []option{anID("meeting"), dayAhead, clockTime}, run: (*turn).move},
	{name: "cancel", who: anyone, run: (*turn).cancel},
}
