package store

import "time"

// A Bot is one token on one platform.
type Bot struct{ ID, Platform, Name string }

func scanBot(row scanner, b *Bot) error { return row.Scan(&b.ID, &b.Platform, &b.Name) }

// Bots returns all bots, in no particular order.
func (tx *Tx) Bots() ([]Bot, error) {
	return list(tx, "read bots", scanBot, `SELECT id, platform, name FROM bot`)
}

// PutBot adds a bot, unless there is one of that platform and name, and sets its ID.
func (tx *Tx) PutBot(b *Bot) error {
	fill(&b.ID)
	err := tx.run("insert bot", `INSERT INTO bot (id, platform, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		b.ID, b.Platform, clean(b.Name))
	if err != nil {
		return err
	}
	b.ID, err = one(tx, "read bot", column[string], `SELECT id FROM bot WHERE platform = $1 AND name = $2`,
		b.Platform, clean(b.Name))
	return err
}

// An Account is a person's identity with one bot.
type Account struct {
	ID, BotID, PersonID string
	UserID, ChatID      string // the platform's
	Reachable           bool
	Reason              string // why it isn't reachable
	First               bool   // tried before the person's other accounts
	CreatedAt           time.Time
}

const accountColumns = `id, bot_id, person_id, user_id, chat_id, reachable, reason, is_first, created_at`

const selectAccount = `SELECT ` + accountColumns + ` FROM account`

// fields are where to scan accountColumns.
func (a *Account) fields() []any {
	return []any{&a.ID, &a.BotID, &a.PersonID, &a.UserID, &a.ChatID, &a.Reachable, &a.Reason, &a.First,
		when(&a.CreatedAt)}
}

func scanAccount(row scanner, a *Account) error { return row.Scan(a.fields()...) }

// Accounts returns a person's accounts in the order in which they are tried: the
// first one, then the oldest.
func (tx *Tx) Accounts(personID string) ([]Account, error) {
	return list(tx, "read accounts", scanAccount,
		selectAccount+` WHERE person_id = $1 ORDER BY is_first DESC, created_at, id`, personID)
}

// Unreachable returns the ids of the members of a cycle who have joined it and can't
// be reached by any account, in no particular order.
func (tx *Tx) Unreachable(cycleID string) ([]string, error) {
	return list(tx, "read who can't be reached", column[string], `SELECT person_id FROM member
		WHERE cycle_id = $1 AND joined_at > 0 AND left_at = 0 AND NOT EXISTS
			(SELECT 1 FROM account WHERE account.person_id = member.person_id AND reachable)`, cycleID)
}

// AccountOf returns the account that a platform's user has with a bot.
func (tx *Tx) AccountOf(botID, userID string) (Account, error) {
	return one(tx, "read account", scanAccount, selectAccount+` WHERE bot_id = $1 AND user_id = $2`, botID, userID)
}

// Identify returns the account that a platform's user has with a bot, and whose it is.
func (tx *Tx) Identify(botID, userID string) (Account, Person, error) {
	type known struct {
		account Account
		person  Person
	}
	k, err := one(tx, "identify", func(row scanner, k *known) error {
		return row.Scan(append(k.account.fields(), k.person.fields()...)...)
	}, selectKnown, botID, userID)
	return k.account, k.person, err
}

var selectKnown = `SELECT ` + of("account", accountColumns) + `, ` + of("person", personColumns) + `
	FROM account JOIN person ON person.id = account.person_id WHERE bot_id = $1 AND user_id = $2`

// LinkAccount gives a person an account, or notes its new chat when it is theirs
// already, and sets ID and CreatedAt. It is reachable, and the person's first one if
// they had none. An account of somebody else is refused: ErrAccountTaken.
func (tx *Tx) LinkAccount(a *Account) error {
	accounts, err := tx.Accounts(a.PersonID)
	if err != nil {
		return err
	}
	fill(&a.ID)
	a.Reachable, a.Reason, a.First, a.CreatedAt = true, "", len(accounts) == 0, kept(tx.Now())
	err = tx.write("link account", ErrAccountTaken, `INSERT INTO account (id, bot_id, person_id, user_id, chat_id,
		reachable, reason, is_first, created_at) VALUES ($1, $2, $3, $4, $5, TRUE, '', $6, $7)
		ON CONFLICT (bot_id, user_id) DO UPDATE SET chat_id = excluded.chat_id, reachable = TRUE, reason = ''
		WHERE account.person_id = excluded.person_id`,
		a.ID, a.BotID, a.PersonID, a.UserID, a.ChatID, a.First, ms(a.CreatedAt))
	if err != nil {
		return err
	}
	if *a, err = tx.AccountOf(a.BotID, a.UserID); err != nil {
		return err
	}
	return tx.TouchPerson(a.PersonID)
}

// SetReachable notes whether an account can be reached, and why not.
func (tx *Tx) SetReachable(accountID string, reachable bool, reason string) error {
	return tx.changeAccount(accountID, `UPDATE account SET reachable = $1, reason = $2 WHERE id = $3`,
		reachable, clean(reason), accountID)
}

// PreferAccount makes an account the first one that its person is tried on.
func (tx *Tx) PreferAccount(accountID string) error {
	return tx.changeAccount(accountID, `UPDATE account SET is_first = (id = $1)
		WHERE person_id IN (SELECT person_id FROM account WHERE id = $1)`, accountID)
}

// UnlinkAccount takes an account from its person, with what is remembered of its chat.
func (tx *Tx) UnlinkAccount(accountID string) error {
	a, err := one(tx, "read account", scanAccount, selectAccount+` WHERE id = $1`, accountID)
	if err != nil {
		return err
	}
	if err := tx.eraseChat(&a); err != nil {
		return err
	}
	return tx.changeAccount(accountID, `DELETE FROM account WHERE id = $1`, accountID)
}

func (tx *Tx) changeAccount(id, query string, args ...any) error {
	personID, err := one(tx, "read account", column[string], `SELECT person_id FROM account WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if err := tx.run("update account", query, args...); err != nil {
		return err
	}
	return tx.TouchPerson(personID)
}
