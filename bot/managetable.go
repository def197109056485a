package bot

// managing is what coordinators do to a cycle, by buttons.
var managing = []command{
	{name: "fill", who: coordinator, options: []option{anID("proposal")}, run: (*turn).fillProposal},
	{name: "do", who: coordinator, options: []option{anID("proposal")}, acts: true, run: (*turn).doProposal},

	{name: "people-list", who: coordinator, options: []option{anID("cycle"), whichList, pageFrom}, run: (*turn).peopleList},
	{name: "person", who: coordinator, options: []option{anID("cycle"), anID("person")}, run: (*turn).person},
	{name: "answers", who: coordinator, options: []option{anID("cycle"), anID("person")}, run: (*turn).personAnswers},
	{name: "invite", who: coordinator, options: []option{anID("cycle"), anID("person")}, acts: true, run: (*turn).invite},
	{name: "nudge", who: coordinator, options: []option{anID("cycle"), anID("person")}, run: (*turn).nudge},
	changing("person-add"), changing("person-rename", anID("cycle")),
	changing("person-end", anID("cycle")), changing("person-back", anID("cycle")),

	{name: "manage-pairs", who: coordinator, options: []option{anID("cycle"), pageFrom}, run: (*turn).managePairs},
	{name: "manage-pair", who: coordinator, options: []option{anID("subject")}, run: (*turn).managePair},
	changing("pair-add"), changing("pair-end"), changing("pair-reopen"),

	{name: "manage-sessions", who: coordinator, options: []option{anID("cycle"), pageFrom}, run: (*turn).manageSessions},
	{name: "manage-session", who: coordinator, options: []option{anID("subject")}, run: (*turn).manageSession},
	changing("session-add"), changing("session-move"), changing("session-address"),
	changing("session-cancel"), changing("session-restore"),

	{name: "manage-events", who: coordinator, options: []option{anID("cycle"), pageFrom}, run: (*turn).manageEvents},
	{name: "manage-event", who: coordinator, options: []option{anID("subject")}, run: (*turn).manageEvent},
	changing("event-place"), changing("event-days"), changing("event-cancel"), changing("event-restore"),
	{name: "agenda", who: coordinator, options: []option{anID("subject")}, run: (*turn).showAgenda},
	changing("agenda-add"), changing("agenda-remove"),

	{name: "attendances", who: coordinator, options: []option{anID("cycle"), pageFrom}, run: (*turn).attendances},
	{name: "attendance", who: coordinator, options: []option{anID("subject"), aDay, pageFrom}, run: (*turn).attendance},
	{name: "latecomers", who: coordinator, options: []option{anID("subject"), aDay, pageFrom}, run: (*turn).latecomers},
	{name: "there", who: coordinator, options: []option{anID("subject"), aDay, anID("person"), presenceMark}, acts: true, run: (*turn).tickOff},
	{name: "taken", who: coordinator, options: []option{anID("subject"), aDay}, run: (*turn).taken},

	{name: "held", who: coordinator, options: []option{anID("cycle"), pageFrom}, run: (*turn).showHeld},
	{name: "held-send", who: coordinator, options: []option{anID("cycle")}, acts: true, run: (*turn).sendHeld},
	{name: "held-drop", who: coordinator, options: []option{anID("cycle")}, acts: true, run: (*turn).dropHeld},

	{name: "group-set", who: coordinator, options: []option{anID("group")}, acts: true, run: (*turn).groups, inGroup: (*turn).setHere},
	{name: "group-unlink", who: coordinator, options: []option{anID("group")}, acts: true, run: (*turn).stopPosting, inGroup: (*turn).unlinkHere},

	{name: "cycle-calendar", who: coordinator, options: []option{anID("cycle")}, run: (*turn).cycleAddress},
	{name: "history", who: coordinator, options: []option{anID("cycle"), pageFrom}, run: (*turn).history},
}
