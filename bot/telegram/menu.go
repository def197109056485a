package telegram

import (
	"context"
	"slices"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// offerMenus sets the menus of those whom the handler doesn't know: in private chats, and of
// who looks after a group. They stay as they are if they are right already, so that starting
// changes nothing.
func (s *session) offerMenus() {
	err := s.offerUsual("en", "")
	for _, tag := range s.o.Languages {
		code, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if len(code) == 2 && err == nil { // Telegram knows two letters only
			err = s.offerUsual(tag, code)
		}
	}
	if err != nil && s.ctx.Err() == nil {
		s.log.Warn("the menus can't be set", "error", s.api.veil.over(err.Error()))
	}
}

// offerUsual sets the menus of nobody in particular, for apps in a language.
func (s *session) offerUsual(language, code string) error {
	for _, menu := range []struct {
		scope models.BotCommandScope
		has   func(chat.Command) bool
	}{
		{&models.BotCommandScopeAllPrivateChats{}, func(c chat.Command) bool { return !c.Coordinators }},
		{&models.BotCommandScopeAllChatAdministrators{}, func(c chat.Command) bool { return c.Group }},
	} {
		list, err := s.commands("", language, menu.has)
		if err == nil {
			err = s.setMenu(menu.scope, code, list)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// OfferMenu is chat.Menuer's.
func (a *Adapter) OfferMenu(chatID, userID string) {
	to, err := parsePlace(chatID)
	if err != nil || !to.private() {
		return
	}
	s, leave := a.enter()
	if s == nil {
		return
	}
	s.telling.Do(to.chat, func() {
		defer leave()
		s.offerMenu(to.chat, userID, "")
	})
}

// offerMenu sets the menu of somebody's private chat.
func (s *session) offerMenu(id int64, userID, language string) {
	list, err := s.commands(userID, language, func(chat.Command) bool { return true })
	if err == nil {
		err = s.setMenu(&models.BotCommandScopeChat{ChatID: id}, "", list)
	}
	if err != nil {
		s.log.Warn("a menu can't be set", "error", s.api.veil.over(err.Error()))
	}
}

// setMenu sets a menu, if it isn't so already.
func (s *session) setMenu(scope models.BotCommandScope, language string, list []models.BotCommand) error {
	var now []models.BotCommand
	err := s.api.do(s.late, func(ctx context.Context) (err error) {
		now, err = s.api.lib.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: scope, LanguageCode: language})
		return err
	})
	if err != nil || slices.Equal(now, list) {
		return err
	}
	return s.api.do(s.late, func(ctx context.Context) error {
		_, err := s.api.lib.SetMyCommands(ctx, &tg.SetMyCommandsParams{Scope: scope, LanguageCode: language, Commands: list})
		return err
	})
}

// commands are those that somebody may use and a menu has, as Telegram takes them
// (https://core.telegram.org/bots/api#botcommand).
func (s *session) commands(userID, language string, has func(chat.Command) bool) (list []models.BotCommand, err error) {
	const most, longest = 100, 256
	offered, err := s.handler.Commands(s.late, userID, language)
	for _, c := range offered {
		if !has(c) || len(list) == most {
			continue
		}
		description := []rune(clean(strings.Join(strings.Fields(c.Description), " ")))
		if len(description) == 0 {
			description = []rune(c.Name)
		}
		list = append(list, models.BotCommand{Command: c.Name, Description: string(description[:min(len(description), longest)])})
	}
	return list, err
}
