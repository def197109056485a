// What just happened, the newest first.

import { el, avatar, icon } from './dom.js';
import { model, personOf } from './model.js';
import * as when from './when.js';

const list = document.getElementById('news');
const none = document.getElementById('no-news');
const acts = {
  said: 'said', tapped: 'tapped', started: 'pressed Start', got: 'got', changed: 'sees', failed: 'met an error',
};
let drawn = null;

export function setUpFeed(close) {
  const button = document.getElementById('feed-close');
  button.append(icon('close'));
  button.addEventListener('click', close);
}

// drawFeed draws the list. open is called with whose conversation is chosen.
export function drawFeed(open) {
  if (drawn === model.news) return;
  drawn = model.news;
  const out = [];
  let moment = '';
  for (const n of [...model.news].reverse()) {
    const person = personOf(n.chat);
    if (!person) continue;
    const words = when.moment(n.at, model.scene.zone);
    if (words !== moment) out.push(el('li', { class: 'news-at' }, el('time', { datetime: n.at }, words)));
    moment = words;
    out.push(el('li', {}, el('button', { type: 'button', class: `news-item ${n.act}`, onclick: () => open(n.chat, n.id) },
      avatar(person),
      el('span', { class: 'news-words' },
        el('span', { class: 'news-who' }, el('bdi', {}, person.name), el('span', {}, ` ${acts[n.act] || ''}`)),
        el('span', { class: 'news-text', dir: 'auto', lang: person.language }, n.act === 'started' ? '' : n.text)))));
  }
  list.replaceChildren(...out);
  none.hidden = out.length > 0;
}
