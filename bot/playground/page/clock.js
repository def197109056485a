// The cycle's clock: it stands until somebody turns it.

import { put } from './dom.js';
import { post } from './server.js';
import { caughtUp, model } from './model.js';
import * as when from './when.js';

const $ = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll('[data-turn]')];
let turning = false;

// setUpClock calls failed with the reason when the clock can't be turned.
export function setUpClock(failed) {
  for (const b of buttons) b.addEventListener('click', () => turn(b, failed));
  const toggle = $('turn-toggle');
  toggle.addEventListener('click', () => {
    const open = toggle.getAttribute('aria-expanded') !== 'true';
    toggle.setAttribute('aria-expanded', String(open));
  });
}

async function turn(button, failed) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  failed('');
  document.body.dataset.turning = '';
  disable(true);
  try {
    const { event } = await post('turn', { by: button.dataset.turn });
    await caughtUp(event);
  } catch (e) {
    failed(e.message);
  }
  delete document.body.dataset.turning;
  disable(model.turn !== '');
}

// disable keeps the focus where it is.
function disable(all) {
  for (const b of buttons) {
    const off = all || (b.dataset.turn === 'next' && !model.scene.next);
    if (off) b.setAttribute('aria-disabled', 'true');
    else b.removeAttribute('aria-disabled');
  }
}

export function drawClock() {
  const { now, zone, next, title } = model.scene;
  put($('title'), title);
  put($('now-time'), when.clock(now, zone));
  put($('now-date'), when.date(now, zone));
  put($('now-zone'), zone.replaceAll('_', ' '));
  $('now').setAttribute('datetime', now);
  put($('next-when'), next ? when.moment(next, zone) : 'there is none');
  document.body.classList.toggle('turning', model.turn !== '');
  disable(model.turn !== '' || 'turning' in document.body.dataset);
  if (turning && !model.turn) tell(now, zone);
  else if (!turning && model.turn) put($('status'), 'The clock is turning.');
  turning = model.turn !== '';
}

function tell(now, zone) {
  const n = model.arrived;
  const came = n === 0 ? 'No message arrived' : n === 1 ? 'One message arrived' : `${n} messages arrived`;
  put($('status'), `It is ${when.date(now, zone)}, ${when.clock(now, zone)}. ${came}.`);
}
