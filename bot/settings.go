package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A topic is something that can be set. Its command is what follows "settings".
type topic struct {
	command
	label string // id of what it is called
}

// topics are all there are, in the order in which they are offered.
var topics = []topic{
	{command{name: "language", who: known, options: []option{whichLanguage}, run: (*turn).chooseLanguage}, "button.set-language"},
	{command{name: "zone", who: known, run: (*turn).chooseZone}, "button.set-zone"},
	{command{name: "quiet", who: known, options: []option{quietHours}, run: (*turn).chooseQuiet}, "button.set-quiet"},
	{command{name: "pause", who: known, options: []option{pauseUntil}, run: (*turn).pause}, "button.set-pause"},
	{command{name: "app", who: known, run: (*turn).connected}, "button.apps"},
	{command{name: "name", who: known, options: []option{whetherShown}, run: (*turn).chooseShown}, "button.set-name"},
	{command{name: "calendar", who: member, run: (*turn).ownAddress}, "button.calendar-address"},
	{command{name: "data", who: known, run: (*turn).data}, "button.data"},
	{command{name: "leave", who: member, options: []option{whichPart}, run: (*turn).leave}, "button.leave"},
	{command{name: "delete", who: known, run: (*turn).erase}, "button.delete"},
}

// aboutWhat finds what is to be set. Without it all settings are shown.
var aboutWhat = option{
	name: "topic", ask: "settings.ask", optional: true,
	offers: (*turn).topicOffers,
	read: func(t *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		if topicOf(word) != nil {
			return word, rest, true
		}
		return t.readTitle(text, t.topicOffers)
	},
}

func (t *turn) topicOffers() (offers []offer, err error) {
	for i := range topics {
		if t.may(topics[i].who) && (topics[i].name != "calendar" || t.feeds()) {
			offers = append(offers, offer{t.text(topics[i].label, nil).Plain(), topics[i].name})
		}
	}
	return offers, nil
}

func topicOf(name string) *topic {
	i := slices.IndexFunc(topics, func(t topic) bool { return t.name == strings.ToLower(name) })
	if i < 0 {
		return nil
	}
	return &topics[i]
}

// settings shows what is set, or lets something be set.
func (t *turn) settings() error {
	about := topicOf(t.args["topic"])
	switch {
	case about == nil:
		return t.showSettings()
	case !t.may(about.who):
		t.denied(about.who)
		return nil
	}
	t.command = &about.command
	ready, err := t.fill()
	if err == nil && ready {
		err = t.command.run(t)
	}
	t.outOfSettings()
	return err
}

// keepSettings is on the buttons with which somebody leaves a setting as it is.
const keepSettings = "cancel settings"

// outOfSettings has the way out of a question about a setting lead back to them all.
func (t *turn) outOfSettings() {
	for i := range t.reply.Buttons {
		if b := &t.reply.Buttons[i]; b.Command == "cancel" {
			b.Command = keepSettings
		}
	}
}

// showSettings shows all of them, with a button for each.
func (t *turn) showSettings() error {
	accounts, err := t.tx.Accounts(t.me())
	if err != nil {
		return err
	}
	apps, err := t.appNames(accounts)
	if err != nil {
		return err
	}
	shown := t.text("settings.name-hidden", nil)
	if t.to.ShowsName {
		shown = t.text("settings.name-shown", nil)
	}
	t.tell(chat.Stack(t.text("settings.title", nil), chat.List([]chat.Text{
		t.text("settings.language", locale.Args{"Language": chat.Text(t.inItself(t.language))}),
		t.text("settings.clock", t.clockNow()),
		t.quietNow(), t.pauseNow(), t.appsNow(apps), shown,
	})), t.settingsButtons(len(accounts))...)
	return nil
}

func (t *turn) settingsButtons(accounts int) (buttons []chat.Button) {
	buttons = []chat.Button{
		t.button("set-language", "settings language"),
		t.button("set-zone", "settings zone"),
		t.button("set-quiet", "settings quiet"),
	}
	if t.paused() {
		buttons = append(buttons, t.button("go-on", "settings pause "+goOn))
	} else {
		buttons = append(buttons, t.button("set-pause", "settings pause"))
	}
	if accounts > 1 {
		buttons = append(buttons, t.button("apps", "settings app"))
	} else {
		buttons = append(buttons, t.button("another-app", "settings app new"))
	}
	if t.to.ShowsName {
		buttons = append(buttons, t.button("set-hidden", "settings name no"))
	} else {
		buttons = append(buttons, t.button("set-shown", "settings name yes"))
	}
	if t.feeds() && t.may(member) {
		buttons = append(buttons, t.button("calendar-address", "settings calendar"))
	}
	buttons = append(buttons, t.lead("data", "settings data"), t.lead("privacy", "privacy"))
	if t.may(member) {
		buttons = append(buttons, t.button("leave", "settings leave"))
	}
	return append(buttons, t.button("delete", "settings delete"))
}

// clockNow is by which clock the reader goes, and what it shows.
func (s *speech) clockNow() locale.Args {
	return locale.Args{"City": s.city(s.zone), "Clock": chat.Text(s.language.Clock(s.now.In(s.zone)))}
}

// done answers what was set: with what holds now, and a way back.
func (t *turn) done(id string, args locale.Args, buttons ...chat.Button) {
	t.say(id, args, append(buttons, t.button("settings", "settings"))...)
}

// set writes what a person has set, unless it is so already.
func (t *turn) set(already bool, write func() error) error {
	if already {
		return nil
	}
	if err := t.act(); err != nil {
		return err
	}
	return write()
}

// whetherShown asks whether others may see the person's name.
var whetherShown = option{
	name: "shown", ask: "settings.ask-name",
	offers: func(t *turn) ([]offer, error) {
		return []offer{
			{t.text("button.show-name", nil).Plain(), "yes"}, {t.text("button.hide-name", nil).Plain(), "no"},
		}, nil
	},
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, word == "yes" || word == "no"
	},
}

// chooseShown notes whether others may see the person's name.
func (t *turn) chooseShown() error {
	shows := t.args["shown"] == "yes"
	err := t.set(shows == t.to.ShowsName && t.to.NameChosen, func() error { return t.tx.ShowName(t.me(), shows) })
	if err != nil {
		return err
	}
	if shows {
		t.done("settings.shown", nil, t.button("set-hidden", "settings name no"))
		return nil
	}
	t.done("settings.hidden", nil, t.button("set-shown", "settings name yes"))
	return nil
}

// today where the reader is.
func (t *turn) todayHere() store.Date { return store.DateOf(t.now.In(t.zone)) }

// dayOrMoment tells a day by itself if an instant is its beginning.
func (s *speech) dayOrMoment(at time.Time) chat.Text {
	if w := store.WallOf(at.In(s.zone)); w.Clock == 0 {
		return s.day(w.Date)
	}
	return s.moment(at)
}
