package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// appCodeLife is how long the code that connects another app is valid.
const appCodeLife = 15 * time.Minute

// appsAtOnce is how many apps have buttons at once: hardly anybody has three.
const appsAtOnce = 6

// platformNames are how platforms write themselves, where that isn't their name with a
// capital.
var platformNames = map[string]string{}

// platformName is how a platform is called to people.
func platformName(platform string) string {
	if name := platformNames[platform]; name != "" || platform == "" {
		return name
	}
	return strings.ToUpper(platform[:1]) + platform[1:]
}

// platforms names the platforms of the programme's bots, by the bots' ids.
func (t *turn) platforms() (map[string]string, error) {
	bots, err := t.tx.Bots()
	names := make(map[string]string, len(bots))
	for _, b := range bots {
		names[b.ID] = platformName(b.Platform)
	}
	return names, err
}

// appNames names a person's accounts by their platforms, and counts those of one
// platform in the order in which they came.
func (t *turn) appNames(accounts []store.Account) (names []string, err error) {
	platforms, err := t.platforms()
	if err != nil {
		return nil, err
	}
	for i := range accounts {
		name, before := platforms[accounts[i].BotID], 0
		for k := range accounts {
			if platforms[accounts[k].BotID] == name && older(&accounts[k], &accounts[i]) {
				before++
			}
		}
		if before > 0 {
			name += fmt.Sprint(" ", before+1)
		}
		names = append(names, name)
	}
	return names, nil
}

func older(a, b *store.Account) bool {
	return a.CreatedAt.Before(b.CreatedAt) || a.CreatedAt.Equal(b.CreatedAt) && a.ID < b.ID
}

// appsNow says which apps there are; the first one hears first.
func (s *speech) appsNow(names []string) chat.Text {
	if len(names) == 0 {
		return ""
	}
	if len(names) == 1 {
		return s.text("settings.app", locale.Args{"App": names[0]})
	}
	return s.text("settings.apps", locale.Args{"First": names[0], "Others": strings.Join(names[1:], ", ")})
}

// connected shows the apps that are connected, or changes something about them.
func (t *turn) connected() error {
	accounts, err := t.tx.Accounts(t.me())
	if err != nil {
		return err
	}
	names, err := t.appNames(accounts)
	if err != nil {
		return err
	}
	act, rest := cut(t.rest)
	id, rest := cut(rest)
	i := slices.IndexFunc(accounts, func(a store.Account) bool { return a.ID == id })
	switch {
	case act == "new":
		return t.newApp()
	case act == "":
		t.showApps(accounts, names)
		return nil
	case act == notMe && id != t.account.ID:
		return t.wasNotMe(accounts, i)
	case i < 0 || act != "first" && act != "off":
		t.stale()
		return nil
	case act == "first":
		return t.hearFirst(&accounts[i], names[i])
	}
	return t.disconnect(accounts, i, names, rest)
}

func (t *turn) showApps(accounts []store.Account, names []string) {
	var items []chat.Text
	var buttons []chat.Button
	for i := range accounts[:min(len(accounts), appsAtOnce)] {
		a, name := &accounts[i], locale.Args{"App": names[i]}
		name["Day"] = t.day(store.DateOf(a.CreatedAt.In(t.zone)))
		switch {
		case !a.Reachable:
			items = append(items, t.text("app.unreachable", name))
		case i == 0 && len(accounts) > 1:
			items = append(items, t.text("app.hears-first", name))
		default:
			items = append(items, t.text("app.since", name))
		}
		if i > 0 {
			buttons = append(buttons, chat.Button{
				Label: label(t.text("app.let-first", name).Plain()), Command: "settings app first " + a.ID,
			})
		}
	}
	for i := range accounts[:min(len(accounts), appsAtOnce)] {
		if len(accounts) > 1 {
			buttons = append(buttons, chat.Button{
				Label: label(t.text("app.let-go", locale.Args{"App": names[i]}).Plain()), Command: "settings app off " + accounts[i].ID,
			})
		}
	}
	buttons = append(buttons, t.button("another-app", "settings app new"), t.button("settings", "settings"))
	t.tell(chat.Join(chat.Stack(t.text("app.title", nil), chat.List(items)), t.text("app.any", nil)), buttons...)
}

// newApp gives a code that connects another app, and says how.
func (t *turn) newApp() error {
	if err := t.act(); err != nil {
		return err
	}
	expires := t.now.Add(appCodeLife)
	code, err := t.tx.NewAppCode(t.me(), expires)
	if err != nil {
		return err
	}
	ways, err := t.waysIn(code)
	if err != nil {
		return err
	}
	t.tell(chat.Join(
		t.text("app.how", nil), chat.Text("`/start "+code+"`"), ways,
		t.text("app.valid", locale.Args{"When": t.moment(expires)}),
	), t.button("settings", "settings"))
	return nil
}

// waysIn lists the other bots of the programme, with addresses that hand them a code
// where a platform has such.
func (t *turn) waysIn(code string) (chat.Text, error) {
	bots, err := t.tx.Bots()
	if err != nil {
		return "", err
	}
	slices.SortFunc(bots, func(a, b store.Bot) int { return strings.Compare(a.Platform+a.Name, b.Platform+b.Name) })
	var items []chat.Text
	for _, b := range bots {
		h := t.h.handler(b.ID)
		if h == nil || b.ID == t.h.id {
			continue
		}
		name := platformName(b.Platform)
		address := ""
		if linker, ok := h.adapter.(chat.Linker); ok {
			address = linker.Link(code)
		}
		if address == "" {
			items = append(items, t.text("app.find", locale.Args{"App": name}))
			continue
		}
		items = append(items, t.text("app.open", locale.Args{"Link": chat.Link(name, address)}))
	}
	return t.list(items), nil
}

// hearFirst makes an app the one that is written to first.
func (t *turn) hearFirst(a *store.Account, name string) error {
	if err := t.set(a.First, func() error { return t.tx.PreferAccount(a.ID) }); err != nil {
		return err
	}
	t.done("app.first", locale.Args{"App": name}, t.button("apps", "settings app"))
	return nil
}

// disconnect takes an app from its person, once they are sure; the last one stays.
func (t *turn) disconnect(accounts []store.Account, i int, names []string, sure string) error {
	a, args := &accounts[i], locale.Args{"App": names[i]}
	switch {
	case len(accounts) == 1:
		t.done("app.last", args, t.button("another-app", "settings app new"))
		return nil
	case !t.isSure("off", sure):
		t.say("app.sure", args,
			t.button("disconnect", "settings app off "+a.ID+" "+t.sure("off")), t.button("keep", keepSettings))
		return nil
	}
	if err := t.unlink(accounts, i); err != nil {
		return err
	}
	if a.ID != t.account.ID {
		t.done("app.gone", args)
		return nil
	}
	t.forget, t.reply.Menu = true, true
	t.say("app.gone-here", args, t.button("privacy", "privacy"))
	return nil
}

// unlink takes one of several apps from its person; if it heard first, another does now.
func (t *turn) unlink(accounts []store.Account, i int) error {
	if err := t.act(); err != nil {
		return err
	}
	if accounts[i].ID != t.account.ID {
		t.menus = append(t.menus, accounts[i])
	}
	if err := t.tx.UnlinkAccount(accounts[i].ID); err != nil || !accounts[i].First {
		return err
	}
	next := slices.Delete(slices.Clone(accounts), i, i+1)[0]
	return t.tx.PreferAccount(next.ID)
}

// tellApps tells the apps that the person had of the one that was connected just now:
// whoever has a code becomes the person, so they are to hear of it where they are.
func (t *turn) tellApps(before []store.Account) error {
	bots, err := t.tx.Bots()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(bots, func(b store.Bot) bool { return b.ID == t.h.id })
	var messages []store.Message
	for _, a := range before {
		if !a.Reachable {
			continue
		}
		m := store.Message{
			CycleID: t.c.Cycle.ID, Kind: store.KindApp, Subject: a.ID, Occurrence: t.account.ID, Offset: bots[i].Platform,
			PersonID: t.me(), Due: t.now, Until: t.now.Add(newsLife),
		}
		m.Key = scheduler.Key(m.Kind, m.Subject, m.Occurrence, m.Offset, t.to.Slug)
		messages = append(messages, m)
	}
	_, err = t.tx.Enqueue(messages)
	return err
}

// appNews tells somebody of an app that was connected: the account is the occurrence of
// the message, its platform the offset.
func (s *speech) appNews(m *store.Message) chat.Message {
	return chat.Message{
		Text: s.text("app.news", locale.Args{"App": platformName(m.Offset)}),
		Buttons: []chat.Button{
			s.button("not-me", "settings app "+notMe+" "+m.Occurrence), s.lead("apps", "settings app"),
		},
	}
}

// notMe is the word of an app's person that they haven't connected another one.
const notMe = "not-me"

// wasNotMe disconnects an app at once, and voids codes that somebody else may have.
func (t *turn) wasNotMe(accounts []store.Account, i int) error {
	if i >= 0 {
		if err := t.unlink(accounts, i); err != nil {
			return err
		}
		if err := t.tx.VoidInvitations(t.me()); err != nil {
			return err
		}
	}
	t.say("app.not-me", nil, t.lead("settings", "settings"), t.lead("whats-next", "next"))
	return nil
}
