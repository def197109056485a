// The page: it puts its parts together and keeps them in step with the server.

import { get, listen } from './server.js';
import { changed, isNarrow, load, model, personOf, remember, take, watch } from './model.js';
import { arrange, put } from './dom.js';
import { drawPeople, drawUnread, setUpPeople } from './people.js';
import { drawClock, setUpClock } from './clock.js';
import { drawTimeline, setUpTimeline } from './timeline.js';
import { drawFeed, setUpFeed } from './feed.js';
import { Talk } from './talk.js';

const $ = (id) => document.getElementById(id);
const talks = new Map();
const wide = matchMedia('(min-width: 1240px)');

// open shows a conversation, perhaps at one of its messages.
function open(id, bubble) {
  if (!personOf(id)) return;
  if (!model.open.includes(id)) model.open.push(id);
  if (talks.has(id)) talks.get(id).mark();
  model.current = id;
  model.view = 'talk';
  remember();
  draw(); // before what arrived is noted as seen, so that it can be marked as new
  changed();
  const talk = talks.get(id);
  talk.node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const node = bubble && talk.node.querySelector(`[data-id="${CSS.escape(bubble)}"]`);
  if (node) {
    node.scrollIntoView({ block: 'center' });
    node.focus({ preventScroll: true });
    node.classList.remove('pointed');
    void node.offsetWidth; // so that pointing at it again shows
    node.classList.add('pointed');
  } else if (!isNarrow()) {
    talk.focus();
  } else {
    talk.node.querySelector('.back').focus();
  }
}

function close(id) {
  model.open = model.open.filter((other) => other !== id);
  if (isNarrow()) model.view = 'people';
  remember();
  draw();
  changed();
  focusPerson(id);
}

function back() {
  const { current } = model;
  show('people');
  focusPerson(current);
}

function focusPerson(id) {
  const row = document.querySelector(`.person[data-person="${CSS.escape(id)}"]`);
  if (row) row.focus();
}

function show(view) {
  model.view = view;
  draw();
  changed();
}

const feedShown = () => (model.feed === null ? wide.matches : model.feed);

function showFeed(on) {
  model.feed = on;
  remember();
  draw();
  $(on ? 'feed-close' : 'feed-open').focus();
}

function draw() {
  if (!model.scene) return;
  drawTalks();
  document.body.dataset.view = model.view;
  document.body.classList.toggle('with-feed', feedShown());
  $('feed-open').setAttribute('aria-expanded', String(feedShown()));
  for (const tab of document.querySelectorAll('[data-show]')) {
    if (tab.dataset.show === model.view) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  drawPeople(open);
  drawUnread();
  drawClock();
  drawTimeline();
  drawFeed(open);
}

function drawTalks() {
  model.open = model.open.filter(personOf);
  for (const id of talks.keys()) if (!model.open.includes(id)) talks.delete(id);
  for (const id of model.open) {
    if (talks.has(id)) talks.get(id).update();
    else talks.set(id, new Talk(id, { close: () => close(id), back }));
  }
  const nodes = model.open.map((id) => talks.get(id).node);
  arrange($('talks'), [$('empty'), ...nodes]);
  for (const id of model.open) talks.get(id).node.classList.toggle('current', id === model.current);
  $('empty').hidden = nodes.length > 0;
}

function trouble(words) {
  put($('trouble'), words);
  $('trouble').hidden = !words;
}

// begin loads everything, and listens from there on.
async function begin() {
  let state;
  try {
    state = await get('state');
    if (!state.scene.people) throw new Error('mentorbot is still starting.');
  } catch (e) {
    trouble(e.message);
    setTimeout(begin, 1000);
    return;
  }
  trouble('');
  load(state);
  listen(state.event, {
    events: take,
    reset: () => setTimeout(begin, 300),
    connected: (on) => trouble(on ? '' : 'The connection is lost; trying again…'),
  });
}

setUpPeople(open);
setUpClock(trouble);
setUpTimeline();
setUpFeed(() => showFeed(false));
$('feed-open').addEventListener('click', () => showFeed(true));
for (const tab of document.querySelectorAll('[data-show]')) tab.addEventListener('click', () => show(tab.dataset.show));
wide.addEventListener('change', changed);
watch(draw);
begin();
