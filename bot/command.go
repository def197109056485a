package bot

import (
	"regexp"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
)

// A who says who may use a command.
type who int

const (
	anyone      who = iota // somebody whom the programme doesn't know as well
	known                  // who has an account
	member                 // who takes part in a cycle
	mentored               // as a mentee or a mentor
	coordinator            // as a coordinator
)

// A command is what can be typed, tapped or chosen from a menu. Who may do it to what
// it is done to, the function that runs it asks.
type command struct {
	name     string
	describe string // id of its description; "": only buttons use it
	who      who
	options  []option
	acts     bool // it writes once its options are there
	run      func(*turn) error
	// inGroup is what it does in a group, with what was typed after it; nil: it is for
	// private chats.
	inGroup func(*turn, []string) error
}

// commands are all there are. Their order is that of menus.
var commands []command

// byName finds commands; some have a second name.
var byName = map[string]*command{}

func init() { // they refer to what refers to them
	for _, list := range [][]command{memberCommands, coordinatorCommands, buttonCommands, managing} {
		commands = append(commands, list...)
	}
	for i := range commands {
		byName[commands[i].name] = &commands[i]
	}
	byName["join"] = byName["start"]
}

// acts reports whether a request will want to write, as far as can be told from
// itself: it saves a look in vain.
func acts(r *chat.Request) bool {
	name, rest := commandLine(r)
	c := byName[name]
	return c != nil && c.acts && len(strings.Fields(rest))+len(r.Options) >= len(c.options)
}

// commandLine takes apart what a request says. What is typed is a command if it
// begins with a slash; a name after @ is a bot's, as in groups.
func commandLine(r *chat.Request) (name, rest string) {
	text := strings.TrimSpace(r.Text)
	typed, slash := strings.CutPrefix(text, "/")
	if !r.Tapped && !slash {
		return "", text
	}
	typed = strings.TrimPrefix(typed, keep)
	if i := strings.IndexFunc(typed, func(c rune) bool { return c == ' ' || c == '\n' || c == '\t' }); i >= 0 {
		name, rest = typed[:i], strings.TrimSpace(typed[i:])
	} else {
		name = typed
	}
	name, _, _ = strings.Cut(name, "@")
	return strings.ToLower(name), rest
}

// keep stands before the command of a button whose message is to stay: the answer is
// a message of its own.
const keep = "+"

// lead is a button that leads on from a message that stays.
func (s *speech) lead(id, command string) chat.Button { return s.button(id, keep+command) }

// understand finds the command that is meant, and what was typed of its options.
func (t *turn) understand() (err error) {
	name, rest := commandLine(t.request)
	t.reply.Update = t.request.Tapped && !strings.HasPrefix(t.request.Text, keep)
	if name == "" {
		if t.pending, err = t.asked(); err != nil {
			return err
		}
		if t.pending.Line == "" {
			return t.unasked(rest)
		}
		name, rest = cut(t.pending.Line + " " + rest)
		t.consumed = t.writable
	}
	if err := t.dropQuestion(); err != nil {
		return err
	}
	t.command, t.rest, t.line = byName[name], rest, name
	return nil
}

// unasked reads a text that nobody has asked for: perhaps it is a command without its
// slash, or the code of somebody who is on the way in.
func (t *turn) unasked(text string) error {
	if t.me() == "" && codeText.MatchString(text) {
		t.command, t.line, t.rest = byName["start"], "start", text
		return nil
	}
	name, rest := cut(locale.Fold(text))
	if c := byName[name]; c != nil && c.describe != "" && rest == "" {
		t.command, t.line = c, name
		return nil
	}
	if within := commandWithin.FindStringSubmatch(text); within != nil {
		if c := byName[strings.ToLower(within[1])]; c != nil && c.describe != "" {
			t.command, t.line, t.rest = c, c.name, strings.TrimSpace(within[2])
		}
	}
	return nil
}

// commandWithin is a command that stands behind other words.
var commandWithin = regexp.MustCompile(`(?s)\s/([A-Za-z]+)(?:@\w+)?(?:\s+(.*))?$`)

// run runs the command that was understood, or says what there is.
func (t *turn) run() error {
	switch {
	case t.command == nil:
		t.lost()
		return nil
	case !t.may(t.command.who):
		t.denied(t.command.who)
		return nil
	}
	ready, err := t.fill()
	if err != nil || !ready {
		return err
	}
	return t.command.run(t)
}

// may reports whether who asks is one of those.
func (t *turn) may(w who) bool {
	switch w {
	case anyone:
		return true
	case known:
		return t.me() != ""
	case member:
		return len(t.parts) > 0
	case mentored:
		return len(t.mentored()) > 0
	default:
		return len(t.coordinated()) > 0
	}
}

// denied says kindly whose command it is.
func (t *turn) denied(w who) {
	switch {
	case t.me() == "":
		t.knock("denied.outsider")
	case len(t.parts) == 0:
		t.say("denied.left", nil, t.button("privacy", "privacy"))
	case w == coordinator:
		t.say("denied.coordinators", nil, t.button("help", "help"))
	default:
		t.say("denied.mentored", nil, t.button("people", "people"), t.button("help", "help"))
	}
}

// lost says in one line what to do, to who wrote something that nobody understands.
func (t *turn) lost() {
	if t.me() == "" {
		t.knock("denied.outsider")
		return
	}
	t.say("sorry.unknown", nil, t.first()...)
}

// first are the buttons for what who asks does most.
func (t *turn) first() []chat.Button {
	var buttons []chat.Button
	if t.may(mentored) {
		buttons = append(buttons, t.button("log", "log"), t.button("whats-next", "next"))
	}
	if t.may(coordinator) {
		buttons = append(buttons, t.button("overview", "overview"))
	}
	return append(buttons, t.button("help", "help"))
}

// menu are the commands that who asks may use, for a platform's menu; all there are, if it is
// nobody who asks.
func (t *turn) menu() (list []chat.Command) {
	for i := range commands {
		c := &commands[i]
		if c.describe == "" || t.request.UserID != "" && !t.may(c.who) {
			continue
		}
		offered := chat.Command{
			Name: c.name, Description: t.text(c.describe, nil).Plain(), Coordinators: c.who == coordinator, Group: c.inGroup != nil,
		}
		var seldom []chat.Option // what is asked for only of who has several comes last
		for _, o := range c.options {
			if o.ask == "" {
				continue
			}
			option := chat.Option{Name: o.name, Description: t.text(o.ask, nil).Plain(), Required: !o.optional && !o.sole}
			if o.sole {
				seldom = append(seldom, option)
			} else {
				offered.Options = append(offered.Options, option)
			}
		}
		offered.Options = append(offered.Options, seldom...)
		list = append(list, offered)
	}
	return list
}
