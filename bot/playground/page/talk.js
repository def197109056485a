// One conversation.

import { el, icon, put, arrange, avatar, languageName, capital } from './dom.js';
import { bubbleNode } from './bubble.js';
import { Menu } from './menu.js';
import { get, post } from './server.js';
import { before, caughtUp, changed, chatOf, model, personOf, unread, zoneOf } from './model.js';
import * as when from './when.js';

let count = 0;

export class Talk {
  constructor(id, { close, back }) {
    this.id = id;
    this.nodes = new Map(); // of bubbles and days
    this.days = new Map(); // of bubbles
    this.queue = Promise.resolve(); // what was done goes out in order
    this.newFrom = unread(id) ? (model.seen[id] || 0) : Infinity;
    const name = `talk-${++count}`;
    this.name = el('h2', { id: name, class: 'talk-name', dir: 'auto' });
    this.about = el('p', { class: 'talk-about', dir: 'auto' });
    this.face = el('div', { class: 'talk-face' });
    this.log = el('div', { class: 'log', role: 'log', 'aria-live': 'polite', tabindex: '0', onscroll: () => this.scrolled() });
    this.hush = el('p', { class: 'hush' });
    this.more = el('button', { type: 'button', class: 'more', hidden: true, onclick: () => this.earlier() }, 'Show earlier messages');
    this.down = el('button', { type: 'button', class: 'down', hidden: true, 'aria-label': 'To the newest message', onclick: () => this.toEnd() }, icon('down'));
    this.error = el('p', { class: 'error', role: 'alert', hidden: true });
    this.node = el('section', { class: 'talk', 'aria-labelledby': name, 'data-person': id, onfocusin: () => this.focused() },
      el('div', { class: 'talk-head' },
        el('button', { type: 'button', class: 'icon back', 'aria-label': 'Back to the people', onclick: back }, icon('back')),
        this.face, el('div', { class: 'talk-who' }, this.name, this.about),
        this.closer = el('button', { type: 'button', class: 'icon close', onclick: close }, icon('close'))),
      el('div', { class: 'scroll' }, this.log, this.typing(), this.down),
      this.error, this.foot());
    this.stuck = true; // to the end, wherever that moves
    this.top = 0;
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.log);
    let width = 0;
    new ResizeObserver(() => { // its own height is not what it has to fit
      if (width !== this.input.clientWidth) this.fit();
      width = this.input.clientWidth;
    }).observe(this.input);
    this.log.addEventListener('load', () => this.stuck && this.toEnd(), true); // a picture takes room when it has come
    this.update();
  }

  // mark lets what came since it was last looked at begin with a line that says so.
  mark() {
    if (!unread(this.id)) return;
    this.newFrom = model.seen[this.id] || 0;
    this.nodes.delete('new');
  }

  typing() {
    return el('p', { class: 'typing', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
  }

  // foot is where the person writes, or begins.
  foot() {
    this.input = el('textarea', {
      rows: '1', maxlength: '4096', dir: 'auto', autocomplete: 'off', enterkeyhint: 'send', 'aria-autocomplete': 'list',
      oninput: () => this.typed(), onkeydown: (e) => this.key(e),
    });
    this.menu = new Menu(this);
    this.writing = el('form', { class: 'compose', onsubmit: (e) => { e.preventDefault(); this.send(); } },
      this.menu.button, this.input,
      el('button', { class: 'icon send', 'aria-label': 'Send' }, icon('send')));
    this.startButton = el('button', { type: 'button', class: 'primary', onclick: () => this.do('start', {}) }, 'Start');
    this.beginning = el('div', { class: 'begin' },
      this.beginWords = el('p', {}), this.startButton,
      el('button', { type: 'button', class: 'plain', onclick: () => { this.uninvited = true; this.update(); this.input.focus(); } }, 'Write without an invitation'));
    return el('div', { class: 'foot' }, this.menu.list, this.writing, this.beginning);
  }

  update() {
    const person = personOf(this.id);
    if (person) this.person = person;
    const chat = chatOf(this.id);
    this.head();
    const height = this.log.scrollHeight;
    const first = this.log.querySelector('.bubble');
    this.more.hidden = !chat.more;
    const focus = this.draw(chat);
    if (this.stuck) this.toEnd();
    else if (first && this.log.querySelector('.bubble') !== first) this.log.scrollTop += this.log.scrollHeight - height;
    else this.scrolled();
    if (focus) focus.focus({ preventScroll: true });
    this.footing(chat);
  }

  head() {
    const p = this.person;
    const zone = zoneOf(p);
    const key = JSON.stringify([p, model.scene.zone]);
    if (key !== this.headKey) {
      this.headKey = key;
      put(this.name, p.name);
      this.face.replaceChildren(avatar(p));
      this.closer.setAttribute('aria-label', `Close the conversation of ${p.name}`);
      this.log.setAttribute('aria-label', `Messages of ${p.name}`);
      this.log.lang = this.input.lang = p.language || 'en';
      this.input.setAttribute('aria-label', `Write as ${p.name}`);
      put(this.beginWords, `${p.name} hasn’t joined. Start does what the link in their invitation does.`);
    }
    const clock = when.clock(model.scene.now, zone);
    const there = clock === when.clock(model.scene.now, model.scene.zone) ? '' : `${clock} there`;
    put(this.about, [capital(p.role) + (p.note ? ` ${p.note}` : ''), p.city, languageName(p.language), there].filter(Boolean).join('\u00a0· '));
  }

  // draw draws what isn't drawn yet, and returns what should get the focus because
  // it stands where the focus was.
  draw(chat) {
    let focus = null;
    const wanted = [this.more];
    const zone = zoneOf(this.person);
    let today = '';
    let isNew = false;
    for (const b of chat.bubbles) {
      const day = this.dayOf(b, zone);
      if (day !== today) wanted.push(this.keep(`day ${day}`, () => el('p', { class: 'day', lang: 'en' }, when.day(b.at, zone))));
      today = day;
      if (!isNew && b.seq > this.newFrom && !b.mine) {
        isNew = true;
        if (b !== chat.bubbles[0]) wanted.push(this.keep('new', () => el('p', { class: 'fresh', lang: 'en' }, 'New')));
      }
      const key = `bubble ${b.id}`;
      const old = this.nodes.get(key);
      if (old && old.rev !== `${b.rev} ${zone}`) {
        this.nodes.delete(key);
        if (old.node.contains(document.activeElement)) focus = key;
      }
      const node = this.keep(key, () => bubbleNode(b, { name: this.person.name, zone, tap: (...tap) => this.tap(...tap) }), `${b.rev} ${zone}`);
      if (old && old.node !== node && old.rev !== undefined) node.classList.add('changed');
      wanted.push(node);
    }
    if (!chat.bubbles.length) {
      put(this.hush, this.person.joined ? 'Nothing has been said yet.' : 'Their invitation is waiting.');
      wanted.push(this.hush);
    }
    arrange(this.log, wanted);
    if (this.nodes.size > 2 * wanted.length) this.forget(chat);
    const node = focus && this.nodes.get(focus).node;
    return node && (node.querySelector('.buttons button') || node);
  }

  // dayOf remembers the day of a bubble: to ask for it is slow.
  dayOf(b, zone) {
    const kept = this.days.get(b.id);
    if (kept && kept.at === b.at && kept.zone === zone) return kept.day;
    const day = when.ymd(b.at, zone);
    this.days.set(b.id, { at: b.at, zone, day });
    return day;
  }

  // keep returns the node of a key, made when it is asked for first.
  keep(key, make, rev) {
    if (!this.nodes.has(key)) this.nodes.set(key, { node: make(), rev });
    return this.nodes.get(key).node;
  }

  // forget drops the nodes that are no longer shown.
  forget(chat) {
    const here = new Set(chat.bubbles.map((b) => `bubble ${b.id}`));
    for (const [key, { node }] of this.nodes) if (!here.has(key) && !node.isConnected) this.nodes.delete(key);
    for (const id of this.days.keys()) if (!here.has(`bubble ${id}`)) this.days.delete(id);
  }

  footing(chat) {
    const absent = !this.person.joined && !this.uninvited;
    if (this.person.joined) this.uninvited = false;
    if (this.beginning.hidden === absent || this.writing.hidden !== absent) {
      const had = this.beginning.contains(document.activeElement);
      this.beginning.hidden = !absent;
      this.writing.hidden = absent;
      if (had && !absent) this.input.focus({ preventScroll: true });
    }
    const hint = chat.ask || 'Write a message';
    if (hint !== this.input.placeholder) {
      this.input.placeholder = hint;
      if (this.input.isConnected) this.fit();
    }
    this.writing.classList.toggle('asked', Boolean(chat.ask));
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.scrolled();
  }

  // scrolled lets go of the end only when somebody scrolls up: what grows below
  // scrolls nothing.
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const near = scrollHeight - scrollTop - clientHeight < 60;
    if (near) this.stuck = true;
    else if (scrollTop < this.top - 1) this.stuck = false;
    this.top = scrollTop;
    this.down.hidden = this.stuck;
  }

  async earlier() {
    const chat = chatOf(this.id);
    try {
      before(chat, await get('earlier', { chat: this.id, before: chat.bubbles[0].seq }));
      this.log.focus({ preventScroll: true });
    } catch (e) {
      this.complain(e);
    }
  }

  typed() {
    this.fit();
    this.menu.typed(this.input.value);
  }

  // fit makes the box as high as what it says, which may be the hint at what to type.
  fit() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 160)}px`;
  }

  key(e) {
    if (e.isComposing || this.menu.key(e)) return;
    if (e.key === 'Enter' && !e.shiftKey) {
      e.preventDefault();
      this.send();
    }
  }

  send(text = this.input.value) {
    if (!text.trim()) return;
    this.write('');
    this.do('say', { text }, () => this.input.value || this.write(text));
  }

  write(text) {
    this.input.value = text;
    this.typed();
  }

  async tap(b, button, node) {
    const group = node.parentElement;
    if (group.getAttribute('aria-busy') === 'true') return;
    group.setAttribute('aria-busy', 'true');
    node.classList.add('pending');
    // Disabled in a way that keeps the focus where it is.
    for (const other of group.children) other.setAttribute('aria-disabled', 'true');
    await this.do('tap', { bubble: b.id, command: button.command });
    group.removeAttribute('aria-busy');
    node.classList.remove('pending');
    for (const other of group.children) other.removeAttribute('aria-disabled');
  }

  // do says what the person does to mentorbot, after all that they did before.
  do(what, body, failed) {
    this.error.hidden = true;
    this.node.dataset.busy = '';
    const mine = this.queue = this.queue.then(async () => {
      try {
        const { event } = await post(what, { chat: this.id, ...body });
        await caughtUp(event);
      } catch (e) {
        this.complain(e);
        if (failed) failed();
      }
      if (mine === this.queue) delete this.node.dataset.busy;
    });
    this.toEnd();
    return mine;
  }

  complain(e) {
    this.error.hidden = false;
    put(this.error, e.message);
  }

  focused() {
    if (model.current === this.id) return;
    model.current = this.id;
    changed();
  }

  // focus goes where something can be done.
  focus() {
    const to = this.writing.hidden ? this.startButton : this.input;
    to.focus({ preventScroll: true });
  }
}
