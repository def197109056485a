// The people at the side.

import { el, arrange, avatar, capital, languageName, put } from './dom.js';
import { everyone, model, unread } from './model.js';

const groups = document.getElementById('groups');
const box = document.getElementById('filter-box');
const filter = document.getElementById('filter');
const nobody = document.getElementById('nobody');
const rows = new Map();
const heads = new Map();

// setUpPeople calls open with whom somebody chooses.
export function setUpPeople(open) {
  filter.addEventListener('input', () => drawPeople(open));
  groups.addEventListener('keydown', (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const all = [...groups.querySelectorAll('button')];
    const to = step && all[all.indexOf(document.activeElement) + step];
    if (!to) return;
    e.preventDefault();
    to.focus();
  });
}

export function drawPeople(open) {
  const people = everyone();
  box.hidden = people.length <= 12;
  const typed = fold(box.hidden ? '' : filter.value);
  const wanted = [];
  const byRole = Map.groupBy ? Map.groupBy(people, role) : group(people);
  let shown = 0;
  for (const [name, members] of byRole) {
    const matching = members.filter((p) => fold(`${p.name} ${p.city || ''} ${p.role}`).includes(typed));
    shown += matching.length;
    if (!matching.length) continue;
    const head = section(name);
    arrange(head.list, matching.map((p) => row(p, open)));
    wanted.push(head.node);
  }
  arrange(groups, wanted);
  nobody.hidden = shown > 0;
}

const role = (p) => p.role;

function group(people) {
  const out = new Map();
  for (const p of people) out.set(p.role, [...(out.get(p.role) || []), p]);
  return out;
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').toLowerCase().trim();

function section(name) {
  if (!heads.has(name)) {
    const list = el('ul', { class: 'list' });
    const id = `role-${heads.size}`;
    list.setAttribute('aria-labelledby', id);
    heads.set(name, { list, node: el('section', { class: 'group' }, el('h3', { id }, `${capital(name)}s`), list) });
  }
  return heads.get(name);
}

// row is drawn anew only when what it says has changed.
function row(p, open) {
  const n = unread(p.id);
  const isOpen = model.open.includes(p.id);
  const key = JSON.stringify([p, n, isOpen]);
  const old = rows.get(p.id);
  if (old && old.key === key) return old.node;
  const node = old ? old.node : el('li', {}, el('button', { type: 'button', class: 'person', 'data-person': p.id, onclick: () => open(p.id) }));
  const button = node.firstChild;
  if (isOpen) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
  button.classList.toggle('has-unread', n > 0);
  const about = [p.joined ? null : 'Hasn’t joined', p.city, languageName(p.language)].filter(Boolean).join(' · ');
  button.replaceChildren(avatar(p),
    el('span', { class: 'person-words' },
      el('span', { class: 'person-name', dir: 'auto' }, p.name),
      el('span', { class: 'sr' }, `, ${p.role}, `),
      el('span', { class: 'person-about', dir: 'auto' }, about)),
    n ? el('span', { class: 'count' }, el('span', { 'aria-hidden': 'true' }, n > 99 ? '99+' : String(n)), el('span', { class: 'sr' }, `, ${n} unread`)) : '');
  rows.set(p.id, { key, node });
  return node;
}

// drawUnread counts everybody's unread messages where there is no list to see.
export function drawUnread() {
  const n = everyone().reduce((sum, p) => sum + unread(p.id), 0);
  const tab = document.getElementById('tab-unread');
  tab.hidden = n === 0;
  put(tab, n > 99 ? '99+' : String(n));
  document.title = `${n ? `(${n}) ` : ''}${model.scene.title} · playground`;
}
