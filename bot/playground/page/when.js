// Dates and times in English words, in any zone.

const made = new Map();

function format(zone, name, options) {
  const key = `${zone} ${name}`;
  if (!made.has(key)) {
    let f;
    try {
      f = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      f = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    made.set(key, f);
  }
  return made.get(key);
}

const say = (name, options) => (at, zone) => format(zone, name, options).format(new Date(at)).replaceAll(',', '');

// clock says 09:00.
export const clock = say('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
// day says Thursday 21 January.
export const day = say('day', { weekday: 'long', day: 'numeric', month: 'long' });
// date says Thursday 21 January 2027.
export const date = say('date', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
// short says Thu 21 Jan.
export const short = say('short', { weekday: 'short', day: 'numeric', month: 'short' });
// month says Jan.
export const month = say('month', { month: 'short' });
// ymd says 2027-01-21, to compare days.
const parts = say('ymd', { year: 'numeric', month: '2-digit', day: '2-digit' });
export const ymd = (at, zone) => parts(at, zone).split('/').reverse().join('-');

// moment says Thu 21 Jan, 18:00.
export const moment = (at, zone) => `${short(at, zone)}, ${clock(at, zone)}`;
