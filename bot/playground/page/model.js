// What the page knows, and what it remembers of its own.

export const model = {
  book: '', scene: null, left: [], chats: new Map(), news: [], turn: '', arrived: 0,
  open: [], seen: {}, feed: null, current: '', view: 'people',
};

const narrow = matchMedia('(max-width: 759px)');
export const isNarrow = () => narrow.matches;

const watchers = [];
let asked = false;
let drawn = []; // to be called after the next drawing

// watch calls f, at most once a frame, after something has changed.
export function watch(f) {
  watchers.push(f);
}

// changed lets all watchers look.
export function changed() {
  if (asked) return;
  asked = true;
  const go = () => {
    asked = false;
    notice();
    for (const f of watchers) f();
    const then = drawn;
    drawn = [];
    for (const f of then) f();
  };
  if (document.hidden) setTimeout(go, 100); // there are no frames then
  else requestAnimationFrame(go);
}

narrow.addEventListener('change', changed);
document.addEventListener('visibilitychange', changed);

const kept = 120; // bubbles of a conversation that has grown too long
let heard = '';
let waiting = [];

// hear notes up to which event the page knows everything.
function hear(event) {
  heard = event;
  waiting = waiting.filter((w) => !w());
}

// caughtUp waits until the page knows everything up to an event.
export function caughtUp(event) {
  const [run, n] = event.split('.');
  const knows = () => heard.split('.')[0] !== run || Number(heard.split('.')[1]) >= Number(n);
  return new Promise((done) => {
    const look = () => knows() && (requestDrawn(done), true);
    if (!look()) waiting.push(look);
  });
}

// requestDrawn calls f when what is known is also shown.
function requestDrawn(f) {
  if (asked) drawn.push(f);
  else f();
}

// load begins from what the server knows.
export function load(state) {
  const again = model.book === state.book;
  Object.assign(model, {
    book: state.book, scene: state.scene, left: state.left || [], news: state.news, turn: state.turn || '',
    chats: new Map(),
  });
  for (const [id, c] of Object.entries(state.chats)) {
    const chat = chatOf(id);
    chat.ask = c.ask || '';
    chat.more = Boolean(c.more);
    c.bubbles.forEach((b) => place(chat, b));
  }
  if (!again) recall();
  changed();
  hear(state.event);
}

// take takes in a list of events, of which the last has the given id.
export function take(events, id) {
  events.forEach(apply);
  for (const chat of model.chats.values()) trim(chat);
  changed();
  hear(id);
}

// apply takes in one event.
// trim lets go of the beginning of a conversation that has grown long; it can be
// asked for again.
function trim(chat) {
  if (chat.bubbles.length <= chat.room) return;
  chat.bubbles = chat.bubbles.slice(-kept);
  chat.more = true;
}

function apply(e) {
  if (e.bubble) {
    const isNew = place(chatOf(e.chat), e.bubble);
    if (isNew && !e.bubble.mine) model.arrived++;
  }
  if (e.ask !== undefined) chatOf(e.chat).ask = e.ask;
  if (e.news) model.news = [...model.news, e.news].slice(-60);
  if (e.clock) model.scene.now = e.clock;
  if (e.bubble && model.turn && e.bubble.at > model.scene.now) model.scene.now = e.bubble.at;
  if (e.scene) stage(e.scene);
  if (e.turn) {
    model.turn = e.turn.by || '';
    if (model.turn) model.arrived = 0;
  }
}

function stage(scene) {
  const here = new Set(scene.people.map((p) => p.id));
  const gone = [...model.scene.people, ...model.left].filter((p) => !here.has(p.id) && model.chats.has(p.id));
  model.left = gone;
  model.scene = scene;
}

export function chatOf(id) {
  if (!model.chats.has(id)) model.chats.set(id, { ask: '', bubbles: [], more: false, room: 2 * kept });
  return model.chats.get(id);
}

// place puts a bubble where it belongs, and says whether it is new.
export function place(chat, b) {
  const list = chat.bubbles;
  let i = list.length;
  while (i > 0 && list[i - 1].seq >= b.seq) i--;
  if (i < list.length && list[i].id === b.id) {
    list[i] = b;
    return false;
  }
  if (i === 0 && chat.more) return false; // before what is shown
  list.splice(i, 0, b);
  return true;
}

// before puts earlier bubbles in front.
export function before(chat, earlier) {
  chat.more = Boolean(earlier.more);
  chat.bubbles = [...earlier.bubbles, ...chat.bubbles];
  chat.room = chat.bubbles.length + 2 * kept;
  changed();
}

export const everyone = () => [...model.scene.people, ...model.left];
export const personOf = (id) => everyone().find((p) => p.id === id);
export const zoneOf = (person) => (person && person.zone) || model.scene.zone;

// isVisible reports whether somebody looks at a conversation now.
export function isVisible(id) {
  if (document.hidden || !model.open.includes(id)) return false;
  return !isNarrow() || (model.view === 'talk' && model.current === id);
}

// unread counts what came while nobody looked.
export function unread(id) {
  const seen = model.seen[id] || 0;
  let n = 0;
  const list = chatOf(id).bubbles;
  for (let i = list.length - 1; i >= 0 && list[i].seq > seen; i--) if (!list[i].mine) n++;
  return n;
}

// notice notes what is being seen.
function notice() {
  let any = false;
  for (const id of model.open) {
    const list = chatOf(id).bubbles;
    const end = list.length ? list[list.length - 1].seq : 0;
    if (end > (model.seen[id] || 0) && isVisible(id)) {
      model.seen[id] = end;
      any = true;
    }
  }
  if (any) remember();
}

const place0 = () => `mentorbot-playground-${model.book}`;

// remember keeps what is the page's own until the next visit.
export function remember() {
  try {
    const { open, seen, feed } = model;
    localStorage.setItem(place0(), JSON.stringify({ open, seen, feed }));
  } catch { /* a browser that keeps nothing is fine */ }
}

function recall() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(place0()));
  } catch { /* as above */ }
  model.seen = (kept && kept.seen) || {};
  model.feed = kept && kept.feed !== undefined ? kept.feed : null;
  model.open = kept && kept.open ? kept.open.filter(personOf) : firstOfEachRole();
  model.current = model.open[0] || '';
}

function firstOfEachRole() {
  const roles = new Map();
  for (const p of model.scene.people) if (!roles.has(p.role)) roles.set(p.role, p.id);
  return [...roles.values()].slice(0, 3);
}
