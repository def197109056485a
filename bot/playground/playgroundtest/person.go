package playgroundtest

import (
	"fmt"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// A Person is somebody whose part is taken on a page. It is a [chattest.Phone].
type Person struct {
	page *Page
	name string
}

var _ chattest.Phone = (*Person)(nil)

// Person returns the part of somebody by their name.
func (p *Page) Person(name string) *Person { return &Person{p, name} }

// find is JavaScript that says whose part it is.
const find = `const row = [...document.querySelectorAll('.person')]
		.find((r) => r.querySelector('.person-name').textContent === %s);
	if (!row) return 'there is no such person';
	const talk = () => [...document.querySelectorAll('.talk')].find((t) => t.dataset.person === row.dataset.person);
	`

// run opens the conversation if need be and runs JavaScript that returns what is
// wrong, or nothing.
func (p *Person) run(script string) error {
	var wrong string
	if err := p.page.Eval(fmt.Sprintf("(() => {"+find+"if (!talk()) row.click();\n"+script+"})() || ''", quote(p.name)), &wrong); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	if wrong != "" {
		return fmt.Errorf("%s: %s", p.name, wrong)
	}
	return nil
}

// answered waits until what was done is answered and the answer shown.
func (p *Person) answered() error {
	err := p.page.wait("an answer to "+p.name, fmt.Sprintf("(() => {"+find+"return !('busy' in talk().dataset); })()", quote(p.name)))
	if err != nil {
		return err
	}
	return p.run(`const error = talk().querySelector('.error');
		return error.hidden ? '' : 'the page says: ' + error.textContent;`)
}

// Open opens the conversation, as a tap in the list does.
func (p *Person) Open() error { return p.run(`row.click();`) }

// Type implements chattest.Phone. Somebody who hasn't joined writes without an invitation.
func (p *Person) Type(text string) error {
	p.page.mu.Lock()
	defer p.page.mu.Unlock()
	if err := p.run(`const begin = talk().querySelector('.begin');
		if (!begin.hidden) begin.querySelector('.plain').click();
		const input = talk().querySelector('textarea');
		input.focus();
		input.select();
		return document.activeElement === input ? '' : 'nothing can be typed';`); err != nil {
		return err
	}
	if err := p.page.insert(text); err != nil {
		return fmt.Errorf("%s types: %w", p.name, err)
	}
	if err := p.page.enter(); err != nil {
		return fmt.Errorf("%s types: %w", p.name, err)
	}
	if err := p.run(`return talk().querySelector('textarea').value ? 'it was not sent' : '';`); err != nil {
		return err
	}
	return p.answered()
}

// Tap implements chattest.Phone. Start is a button too, for who hasn't joined.
func (p *Person) Tap(label string) error {
	p.page.mu.Lock()
	defer p.page.mu.Unlock()
	if err := p.run(`const buttons = [...talk().querySelectorAll('.buttons button, .begin button')]
			.filter((b) => b.textContent === ` + quote(label) + ` && b.offsetParent);
		const button = buttons.at(-1);
		if (!button) return 'there is no button ' + ` + quote(label) + `;
		button.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
		const box = button.getBoundingClientRect();
		const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
		if (!button.contains(top)) return 'the button ' + ` + quote(label) + ` + ' is covered';
		button.click();`); err != nil {
		return err
	}
	return p.answered()
}

// Screen implements chattest.Phone. Of a long conversation it returns the last part.
func (p *Person) Screen() (bubbles []chattest.Bubble, err error) {
	if err := p.run(""); err != nil {
		return nil, err
	}
	err = p.page.Eval(fmt.Sprintf("(() => {"+find+read+"})()", quote(p.name)), &bubbles)
	if err != nil {
		return nil, fmt.Errorf("%s: read the screen: %w", p.name, err)
	}
	return bubbles, nil
}

const read = `const line = (node) => node.tagName === 'UL'
		? [...node.children].map((li) => '• ' + li.textContent).join('\n')
		: node.textContent;
	return [...talk().querySelectorAll('.bubble')].map((b) => ({
		Mine: b.classList.contains('mine'),
		Text: [...b.querySelectorAll('.words > *')].map(line).join('\n'),
		Buttons: [...b.querySelectorAll('.buttons button')].map((button) => button.textContent),
		Files: [...b.querySelectorAll('[data-name]')].map((file) => file.dataset.name),
		Links: [...b.querySelectorAll('.words a')].map((a) => a.href),
	}));`

// Until waits until the screen is as it should be, and returns it. ok is asked again
// after each change of the conversation.
func (p *Person) Until(what string, ok func([]chattest.Bubble) bool) ([]chattest.Bubble, error) {
	for {
		var seen string
		err := p.page.Eval(fmt.Sprintf("(() => {"+find+"return talk() ? talk().querySelector('.log').textContent : ''; })()", quote(p.name)), &seen)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		bubbles, err := p.Screen()
		if err != nil || ok(bubbles) {
			return bubbles, err
		}
		if err := p.page.wait(what, fmt.Sprintf("(() => {"+find+"return talk().querySelector('.log').textContent !== %s; })()", quote(p.name), quote(seen))); err != nil {
			return bubbles, fmt.Errorf("%s: %w", p.name, err)
		}
	}
}
