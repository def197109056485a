package bot

import (
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// newMenus has the menus of a person follow, after the commit, what they may use now: in
// all their apps but the one that is being answered, which does so itself.
func (t *turn) newMenus(personID string) error {
	accounts, err := t.tx.Accounts(personID)
	for _, a := range accounts {
		if a.ID != t.account.ID {
			t.menus = append(t.menus, a)
		}
	}
	return err
}

// offerMenus has menus follow in the apps that have any.
func (b *Bot) offerMenus(accounts []store.Account) {
	for i := range accounts {
		h := b.handler(accounts[i].BotID)
		if h == nil {
			continue
		}
		if m, ok := h.adapter.(chat.Menuer); ok {
			m.OfferMenu(accounts[i].ChatID, accounts[i].UserID)
		}
	}
}
