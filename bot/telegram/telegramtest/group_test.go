package telegramtest_test

import (
	"fmt"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

func TestWhatTheBotHearsInAGroup(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana, borka := s.User("ana"), s.User("borka")
	g := s.Group("Spring", ana, borka)
	must(t, ana.In(g).Type("/before"))
	refused(t, call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, g.ID())), 403, "bot is not a member of the group chat")
	g.Add(ana)
	id := tell(t, s, g.ID(), "Hello", "")
	for _, err := range []error{
		ana.In(g).Type("among us"), ana.In(g).Type("/next"), ana.In(g).Type("/next@other_bot"), ana.In(g).Type("/next@Mentor_Test_Bot"),
		borka.In(g).Reply(id, "thanks"), ana.In(g).Type("hey @mentor_test_bot"),
	} {
		must(t, err)
	}
	if got, want := texts(poll(t, s, `{}`)), "  /next /next@Mentor_Test_Bot thanks hey @mentor_test_bot"; got != want {
		t.Errorf("it hears %q", got)
	}
	g.Promote(ana)
	must(t, ana.In(g).Type("among us"))
	if all := poll(t, s, `{"offset":-1}`); texts(all) != "among us" {
		t.Errorf("an administrator hears %q", texts(all))
	}
	if err := s.User("cvijeta").In(g).Type("/next"); err == nil {
		t.Error("who isn't there speaks")
	}
	g.Kick(ana)
	refused(t, call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, g.ID())), 403, "bot was kicked from the group chat")
}

func TestAGroupThatMoved(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana")
	g := s.Group("Spring", ana)
	g.Add(ana)
	tell(t, s, g.ID(), "Hello", "")
	old := g.ID()
	g.Migrate(ana)
	a := call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, old))
	refused(t, a, 400, "group chat was upgraded to a supergroup chat")
	if a.Parameters["migrate_to_chat_id"] != g.ID() || g.ID() == old {
		t.Errorf("it says %+v", a)
	}
	all := poll(t, s, `{"offset":-2}`)
	if len(all) != 2 || all[0].Message.MigrateTo != g.ID() || all[1].Message.MigrateFrom != old {
		t.Errorf("there are %+v", all)
	}
	tell(t, s, g.ID(), "Here", "")
	if screen, _ := ana.In(g).Screen(); len(screen) != 1 || screen[0].Text != "Here" {
		t.Errorf("the screen is %+v", screen)
	}
}

func TestTopics(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana")
	g := s.Supergroup("Spring", ana)
	g.Add(ana)
	topic, err := g.Topic(ana, "News")
	must(t, err)
	must(t, ana.In(g).Topic(topic).Type("/next"))
	tell(t, s, g.ID(), "In it", fmt.Sprintf(`,"message_thread_id":%d`, topic))
	tell(t, s, g.ID(), "Outside", "")
	refused(t, call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a","message_thread_id":%d}`, g.ID(), topic+1)), 400, "message thread not found")
	if screen, _ := ana.In(g).Topic(topic).Screen(); len(screen) != 2 || screen[1].Text != "In it" {
		t.Errorf("the topic is %+v", screen)
	}
	var all []struct {
		Message struct {
			Thread int  `json:"message_thread_id"`
			In     bool `json:"is_topic_message"`
		}
	}
	poll(t, s, `{}`)
	call(t, s, "getUpdates", `{"offset":-1}`).into(t, &all)
	if m := all[0].Message; m.Thread != topic || !m.In {
		t.Errorf("it was said in %+v", m)
	}
	if _, err := s.Group("Basic", ana).Topic(ana, "News"); err == nil {
		t.Error("a basic group has a topic")
	}
}

func TestAThreadOfRepliesIsNoTopic(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana")
	g := s.Supergroup("Spring", ana)
	g.Add(ana)
	id := tell(t, s, g.ID(), "Hello", "")
	must(t, ana.In(g).Reply(id, "thanks"))
	var all []struct {
		Message struct {
			Thread int  `json:"message_thread_id"`
			In     bool `json:"is_topic_message"`
		}
	}
	call(t, s, "getUpdates", `{"offset":-1}`).into(t, &all)
	if m := all[0].Message; m.Thread != id || m.In {
		t.Errorf("it was said in %+v", m)
	}
	refused(t, call(t, s, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a","message_thread_id":%d}`, g.ID(), id)), 400, "message thread not found")
}

func TestAButtonThatOpensTheOwnChat(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana := s.User("ana")
	g := s.Group("Spring", ana)
	g.Add(ana)
	tell(t, s, g.ID(), "Not here", keyboard(`{"text":"There","url":"https://t.me/mentor_test_bot?start=next"}`))
	must(t, ana.In(g).Follow("There"))
	if screen, _ := ana.Screen(); len(screen) != 1 || screen[0].Text != "/start next" {
		t.Errorf("the screen is %+v", screen)
	}
	tell(t, s, g.ID(), "Elsewhere", keyboard(`{"text":"Away","url":"https://example.org"}`))
	if ana.In(g).Follow("Away") == nil {
		t.Error("another site is the bot's chat")
	}
}

func TestWhoIsInAGroup(t *testing.T) {
	s := telegramtest.New(t, telegramtest.Options{})
	ana, borka := s.User("ana"), s.User("borka")
	g := s.Group("Spring", ana)
	g.Add(ana)
	g.Join(borka)
	g.Rename(ana, "Summer")
	for id, want := range map[int64]string{ana.ID: "creator", borka.ID: "member", 7123456789: "member"} {
		var m struct{ Status string }
		call(t, s, "getChatMember", fmt.Sprintf(`{"chat_id":%d,"user_id":%d}`, g.ID(), id)).into(t, &m)
		if m.Status != want {
			t.Errorf("%d is %q", id, m.Status)
		}
	}
	refused(t, call(t, s, "getChatMember", fmt.Sprintf(`{"chat_id":%d,"user_id":5}`, g.ID())), 400, "member not found")
	var chat struct{ Title string }
	a := call(t, s, "getChat", fmt.Sprintf(`{"chat_id":%d}`, g.ID()))
	a.into(t, &chat)
	if err := telegramtest.CheckType("ChatFullInfo", a.Result); err != nil || chat.Title != "Summer" {
		t.Errorf("it is %s, %v", a.Result, err)
	}
	var bosses []struct{ Status string }
	call(t, s, "getChatAdministrators", fmt.Sprintf(`{"chat_id":%d}`, g.ID())).into(t, &bosses)
	if len(bosses) != 1 || bosses[0].Status != "creator" {
		t.Errorf("they are %v", bosses)
	}
	call(t, s, "leaveChat", fmt.Sprintf(`{"chat_id":%d}`, g.ID()))
	refused(t, call(t, s, "getChat", fmt.Sprintf(`{"chat_id":%d}`, g.ID())), 403, "not a member")
	poll(t, s, `{}`)
}
