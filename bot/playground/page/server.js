// What the page says to mentorbot and hears from it.

async function read(answer) {
  let body = null;
  try {
    body = await answer.json();
  } catch { /* it isn't from us */ }
  if (!answer.ok) throw new Error((body && body.error) || 'mentorbot doesn’t answer as it should.');
  return body;
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error('mentorbot can’t be reached. Is it still running?');
  }
  return read(answer);
}

// get asks for something.
export const get = (what, values = {}) => ask(`/api/${what}?${new URLSearchParams(values)}`, { cache: 'no-store' });

// post does something.
export const post = (what, body) => ask(`/api/${what}`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

// listen hears what is new after an event. The browser reconnects by itself and says
// what it has heard last; where it can't catch up, or gives up, reset is called.
export function listen(after, { events, reset, connected }) {
  const source = new EventSource(`/api/events?after=${encodeURIComponent(after)}`);
  source.onopen = () => connected(true);
  source.onmessage = (e) => events(JSON.parse(e.data), e.lastEventId);
  source.addEventListener('reset', () => {
    source.close();
    reset();
  });
  source.onerror = () => {
    connected(false);
    if (source.readyState === EventSource.CLOSED) reset();
  };
}
