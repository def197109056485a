// Where in the cycle we are.

import { el, put } from './dom.js';
import { model } from './model.js';
import * as when from './when.js';

const $ = (id) => document.getElementById(id);
let drawn = '';

// setUpTimeline lays the labels out again when there is more or less room.
export function setUpTimeline() {
  new ResizeObserver(() => lay()).observe($('marks'));
}

const at = (t) => {
  const { start, end } = model.scene;
  const from = Date.parse(start);
  return Math.min(1, Math.max(0, (Date.parse(t) - from) / (Date.parse(end) - from || 1)));
};
const percent = (x) => `${(x * 100).toFixed(3)}%`;

export function drawTimeline() {
  const { start, end, milestones, now, zone } = model.scene;
  const key = JSON.stringify([start, end, milestones, zone]);
  if (key !== drawn) {
    drawn = key;
    months(start, end, zone);
    marks(milestones || [], zone);
  }
  $('past').style.width = percent(at(now));
  $('today').style.left = percent(at(now));
  put($('today-words'), `Now: ${when.date(now, zone)}`);
  for (const li of $('marks').children) li.classList.toggle('over', Date.parse(li.dataset.end) < Date.parse(now));
  ahead(milestones || [], now, zone);
}

function months(start, end, zone) {
  const out = [];
  const first = new Date(start);
  for (let i = 0; i < 60; i++) {
    const t = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + i, 1));
    if (t > new Date(end)) break;
    const node = el('span', { class: 'month' }, when.month(new Date(t.getTime() + 864e5), zone));
    node.style.left = percent(at(t));
    out.push(node);
  }
  const skip = Math.ceil(out.length / 12);
  $('months').replaceChildren(...out.filter((_, i) => i % skip === 0));
}

const known = ['session', 'event', 'deadline'];

function marks(milestones, zone) {
  $('marks').replaceChildren(...milestones.map((m) => {
    const words = when.moment(m.at, zone);
    const li = el('li', {
      class: `mark ${known.includes(m.kind) ? m.kind : 'other'}`, title: `${m.label}: ${words}`, 'data-end': m.end || m.at,
    }, el('span', { class: 'dot', 'aria-hidden': 'true' }),
    el('span', { class: 'label' }, el('bdi', { class: 'label-name' }, m.label), el('span', { class: 'label-when' }, ` ${when.short(m.at, zone)}`)));
    li.style.left = percent(at(m.at));
    if (m.end) li.querySelector('.dot').style.setProperty('--long', percent(at(m.end) - at(m.at)));
    return li;
  }));
  lay();
}

// lay puts the labels into rows so that none covers another: into two, or three if
// need be. Where there is no room a label does without its date, or is told by its
// dot and the line below.
function lay() {
  const room = $('marks').clientWidth;
  const rows = [2, 3].find((n) => arrangeIn(n, room) || n === 3);
  $('marks').parentElement.style.setProperty('--rows', String(Math.min(rows, used)));
  for (const li of $('marks').children) stretch(li.firstChild, room);
}

let used = 1; // rows, by the last arrangement

// arrangeIn reports whether all labels found room.
function arrangeIn(n, room) {
  const ends = new Array(n).fill(-Infinity);
  let all = true;
  used = 1;
  for (const li of $('marks').children) {
    const label = li.lastChild;
    const x = (parseFloat(li.style.left) / 100) * room;
    label.classList.remove('brief', 'cramped');
    if (fit(label, x, room, ends)) continue;
    label.classList.add('brief');
    if (fit(label, x, room, ends)) continue;
    label.classList.add('cramped');
    all = false;
  }
  return all;
}

// fit puts a label into the first row that has room.
function fit(label, x, room, ends) {
  const width = Math.min(label.scrollWidth, 240) + 14;
  const from = Math.max(0, Math.min(x - 7, room - width + 14));
  const row = ends.findIndex((end) => end <= from);
  if (row < 0) return false;
  ends[row] = from + width;
  used = Math.max(used, row + 1);
  label.style.setProperty('--row', String(row));
  label.style.setProperty('--shift', `${from - x}px`);
  return true;
}

// stretch makes the dot of what lasts days as long as they are.
function stretch(dot, room) {
  const long = dot.style.getPropertyValue('--long');
  if (long) dot.style.width = `${Math.max(12, (parseFloat(long) / 100) * room)}px`;
}

function ahead(milestones, now, zone) {
  const m = milestones.find((one) => Date.parse(one.end || one.at) >= Date.parse(now));
  if (!m) {
    put($('ahead'), 'The cycle is over.');
    return;
  }
  const text = `Next: ${m.label}, ${when.moment(m.at, zone)}`;
  put($('ahead'), text);
}
