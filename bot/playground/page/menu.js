// The menu of commands above the box to write in: opened by its button or by typing
// a slash, moved through with the arrows.

import { el } from './dom.js';
import { get, post } from './server.js';

let count = 0;

export class Menu {
  constructor(talk) {
    this.talk = talk;
    this.items = [];
    this.active = -1;
    this.name = `menu-${++count}`;
    this.list = el('ul', { class: 'menu', id: this.name, role: 'listbox', 'aria-label': 'Commands', hidden: true });
    this.button = el('button', {
      type: 'button', class: 'icon slash', 'aria-label': 'Commands', 'aria-haspopup': 'listbox', 'aria-expanded': 'false',
      'aria-controls': this.name, onclick: () => this.toggle(),
    }, '/');
    talk.input.setAttribute('aria-controls', this.name);
    talk.input.addEventListener('blur', () => setTimeout(() => this.list.contains(document.activeElement) || this.close(), 150));
  }

  toggle() {
    if (!this.list.hidden) return this.close();
    if (!this.talk.input.value.startsWith('/')) this.talk.write('/');
    else this.typed(this.talk.input.value);
    this.talk.input.focus();
    return undefined;
  }

  // typed opens, narrows or closes the menu as the text asks for.
  async typed(text) {
    const turn = this.turn = {};
    let items = [];
    try {
      items = await this.fitting(text);
    } catch { /* whoever types knows what */ }
    if (turn === this.turn) this.show(items);
  }

  async fitting(text) {
    const command = /^\/([a-z]*)$/i.exec(text);
    if (command) {
      const all = await this.commands();
      return all.filter((c) => c.name.startsWith(command[1].toLowerCase()))
        .map((c) => ({ label: `/${c.name}`, about: c.description, text: `/${c.name}`, sends: true }));
    }
    const option = /^\/([a-z]+) (.*)$/i.exec(text);
    if (!option) {
      this.known = null;
      return [];
    }
    const known = (await this.commands()).find((c) => c.name === option[1].toLowerCase());
    if (!known || !known.options) return [];
    const choices = await post('suggest', { chat: this.talk.id, command: known.name, option: known.options[0], typed: option[2] });
    return choices.map((c) => ({ label: c.label, text: `/${known.name} ${c.value}`, sends: true }));
  }

  // commands asks anew each time that a command begins: they change with the person.
  commands() {
    if (!this.known) this.known = get('commands', { chat: this.talk.id });
    return this.known;
  }

  show(items) {
    this.items = items;
    this.active = items.length && this.talk.input.value === '/' ? 0 : -1; // else Enter sends what was typed
    this.list.replaceChildren(...items.map((item, i) => el('li', {
      id: `${this.name}-${i}`, role: 'option', dir: 'auto', onpointerdown: (e) => e.preventDefault(), onclick: () => this.choose(i),
    }, el('b', {}, item.label), item.about ? el('span', { lang: this.talk.person.language }, ` ${item.about}`) : null)));
    this.list.hidden = items.length === 0;
    this.button.setAttribute('aria-expanded', String(!this.list.hidden));
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === this.active)));
    const li = this.list.children[this.active];
    if (li) {
      this.talk.input.setAttribute('aria-activedescendant', li.id);
      li.scrollIntoView({ block: 'nearest' });
    } else {
      this.talk.input.removeAttribute('aria-activedescendant');
    }
  }

  // key reports whether the menu has taken a key.
  key(e) {
    if (this.list.hidden) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[e.key]) {
      const from = this.active < 0 && moves[e.key] < 0 ? 0 : this.active;
      this.active = (from + moves[e.key] + this.items.length) % this.items.length;
      this.mark();
    } else if (e.key === 'Enter' && !e.shiftKey && this.active >= 0) {
      this.choose(this.active);
    } else if (e.key === 'Tab' && !e.shiftKey) {
      this.talk.write(`${this.items[Math.max(this.active, 0)].text} `);
    } else if (e.key === 'Escape') {
      this.close();
    } else {
      return false;
    }
    e.preventDefault();
    return true;
  }

  choose(i) {
    const { text } = this.items[i];
    this.close();
    this.talk.send(text);
    this.talk.input.focus();
  }

  close() {
    this.turn = null;
    this.known = null;
    this.show([]);
  }
}
