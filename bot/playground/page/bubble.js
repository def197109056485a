// One message as it looks in an app.

import { el, icon } from './dom.js';
import * as when from './when.js';

// bubbleNode draws a bubble. tap is called with a button's command.
export function bubbleNode(b, { name, zone, tap }) {
  const who = b.mine ? name : b.notice ? 'Playground' : 'mentorbot';
  const words = el('div', { class: 'words' }, ...lines(b.lines));
  const pictures = (b.files || []).filter((f) => f.picture).map(picture);
  const files = (b.files || []).filter((f) => !f.picture).map(download);
  const body = el('div', { class: 'body' },
    el('span', { class: 'sr', lang: 'en', dir: 'auto' }, `${who}: `),
    ...pictures, b.lines.length ? words : null, ...files,
    el('time', { class: 'at', lang: 'en', datetime: b.at, title: when.moment(b.at, zone) }, when.clock(b.at, zone)));
  return el('div', {
    class: `bubble ${b.mine ? 'mine' : b.notice ? 'notice' : 'theirs'}${b.buttons ? ' asking' : ''}`, 'data-id': b.id, tabindex: '-1',
    lang: b.notice ? 'en' : null,
  }, body, b.buttons ? buttons(b, tap) : null);
}

function buttons(b, tap) {
  return el('div', { class: 'buttons', role: 'group', 'aria-label': 'Answers' }, ...b.buttons.map((button) => el('button', {
    type: 'button', dir: 'auto', onclick: (e) => tap(b, button, e.currentTarget),
  }, button.label)));
}

function lines(list) {
  const out = [];
  let items = null;
  for (const line of list) {
    if (line.item) {
      if (!items) out.push(items = el('ul'));
      items.append(el('li', { dir: 'auto' }, ...line.spans.map(span)));
      continue;
    }
    items = null;
    out.push(line.spans.length ? el('p', { dir: 'auto' }, ...line.spans.map(span)) : el('p', { class: 'gap' }));
  }
  return out;
}

function span(s) {
  let node;
  if (s.link) node = link(s.text, s.link);
  else if (s.moment) node = el('time', { datetime: s.moment }, s.text);
  else if (s.code) node = el('code', {}, s.text);
  else node = el('bdi', {}, ...linked(s.text));
  if (s.italic) node = el('em', {}, node);
  if (s.bold) node = el('strong', {}, node);
  return node;
}

// link leads to an address of the web or to a mailbox, and nowhere else.
function link(text, address) {
  let url = null;
  try {
    url = new URL(address);
  } catch { /* not an address */ }
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) {
    return el('bdi', {}, text === address ? text : `${text} (${address})`);
  }
  return el('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' }, text);
}

// linked makes links of the addresses in a text, as every app does.
function linked(text) {
  const out = [];
  let end = 0;
  for (const m of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const address = m[0].replace(/[.,;:!?'")\]]+$/, '');
    out.push(text.slice(end, m.index), link(address, address));
    end = m.index + address.length;
  }
  out.push(text.slice(end));
  return out.filter((part) => part !== '');
}

function picture(f) {
  return el('a', { class: 'picture', href: f.href, target: '_blank', rel: 'noopener', 'data-name': f.name },
    el('img', { src: f.href, alt: f.alt || f.name }));
}

function download(f) {
  return el('a', { class: 'file', href: f.href, download: f.name, 'data-name': f.name },
    icon('file'),
    el('span', { class: 'file-name', dir: 'auto' }, f.name),
    el('span', { class: 'file-size', lang: 'en' }, size(f.size)));
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(bytes < 10000 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
