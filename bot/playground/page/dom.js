// Small helpers to build the page. Whatever people typed enters it as text, never as
// markup.

// el makes an element. Properties that begin with "on" are listeners, the rest
// attributes; false, null and undefined leave one out.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ''));
  return node;
}

const icons = {
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  send: 'M5 12l14-7-5 14-3-6z',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  down: 'M12 5v14M6 13l6 6 6-6',
};

// icon draws one of the page's few icons; its name is for the control around it.
export function icon(name) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'glyph');
  const path = document.createElementNS(ns, 'path');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}

// put writes text into an element, unless it is there already.
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// arrange makes nodes the children of an element, and touches only those that have
// to move: focus stays, and screen readers hear of nothing but what is new.
export function arrange(parent, nodes) {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (at === node) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at) {
    const after = at.nextSibling;
    at.remove();
    at = after;
  }
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

// initials returns what stands for a name in a small circle.
export function initials(name) {
  const words = name.trim().split(/\s+/).filter((w) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(w));
  const first = (word) => {
    for (const { segment } of graphemes.segment(word)) {
      if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(segment)) return segment.toUpperCase();
    }
    return '';
  };
  if (words.length === 0) return '·';
  return first(words[0]) + (words.length > 1 ? first(words[words.length - 1]) : '');
}

// avatar is that circle, in a colour that stays with the person.
export function avatar(person) {
  let hash = 0;
  for (const c of person.name) hash = (hash * 31 + c.codePointAt(0)) % 8191;
  return el('span', { class: `avatar hue-${hash % 8}${person.joined ? '' : ' absent'}`, 'aria-hidden': 'true' }, initials(person.name));
}

const languages = new Intl.DisplayNames('en', { type: 'language' });

// languageName says a language's name in English.
export function languageName(tag) {
  try {
    return languages.of(tag) || tag;
  } catch {
    return tag;
  }
}

// capital raises the first letter.
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
