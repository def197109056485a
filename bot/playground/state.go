package playground

import "sort"

// A state is all that the page starts from.
type state struct {
	Book  string               `json:"book"`  // names what the page remembers by itself
	Event string               `json:"event"` // the last one that is in here
	Scene Scene                `json:"scene"`
	Left  []Person             `json:"left,omitempty"` // have a conversation but are no longer on the scene
	Chats map[string]chatState `json:"chats"`
	News  []news               `json:"news"`
	Turn  Turn                 `json:"turn,omitempty"` // under way
}

type chatState struct {
	Ask     string  `json:"ask,omitempty"`
	Bubbles []*view `json:"bubbles"`
	More    bool    `json:"more,omitempty"` // there are earlier ones
}

// state returns how everything stands, with the end of each conversation.
func (b *book) state() state {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := state{
		Book: b.journal.id, Event: b.eventID(), Scene: b.scene, Left: b.left(),
		Chats: map[string]chatState{}, News: append([]news{}, b.news...), Turn: b.turn,
	}
	for id, c := range b.chats {
		s.Chats[id] = c.before(id, b.seq+1)
	}
	return s
}

// before returns the bubbles before one, as many as a page has.
func (c *conversation) before(chatID string, seq int) chatState {
	end := sort.Search(len(c.bubbles), func(i int) bool { return c.bubbles[i].seq >= seq })
	s := chatState{Ask: c.ask, Bubbles: []*view{}, More: end > pageOf}
	for _, bub := range last(c.bubbles[:end], pageOf) {
		s.Bubbles = append(s.Bubbles, bub.view(chatID))
	}
	return s
}

// earlier returns the bubbles of a chat before one.
func (b *book) earlier(chatID string, seq int) chatState {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.chats[chatID]; c != nil {
		return c.before(chatID, seq)
	}
	return chatState{Bubbles: []*view{}}
}

// left returns who has a conversation and is no longer on the scene.
func (b *book) left() (people []Person) {
	here := map[string]bool{}
	for _, p := range b.scene.People {
		here[p.ID] = true
	}
	for id := range b.chats {
		if p, ok := b.people[id]; ok && !here[id] {
			people = append(people, p)
		}
	}
	sort.Slice(people, func(i, j int) bool { return people[i].ID < people[j].ID })
	return people
}
