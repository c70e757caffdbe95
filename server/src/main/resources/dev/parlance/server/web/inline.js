// The inline part of Markdown: text with code, links and emphasis, as DOM nodes.

import { el } from './dom.js';

const MAX_CHARS = 10_000;
const MAX_DEPTH = 6;
const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const PUNCTUATION = /[!-/:-@[-`{-~]/;

/** The nodes of a run of text. Longer ones than any person writes are shown as they are. */
export function inline(text, depth = 0) {
  if (text.length > MAX_CHARS || depth > MAX_DEPTH) {
    return [document.createTextNode(text)];
  }
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') {
      nodes.push(document.createTextNode(plain));
      plain = '';
    }
  };
  for (let at = 0; at < text.length; ) {
    if (text[at] === '\\' && PUNCTUATION.test(text[at + 1] ?? '')) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    const found = code(text, at) ?? link(text, at, depth) ?? autolink(text, at) ?? emphasis(text, at, depth);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at++];
    }
  }
  flush();
  return nodes;
}

function code(text, at) {
  if (text[at] !== '`') {
    return null;
  }
  let ticks = 1;
  while (text[at + ticks] === '`') {
    ticks++;
  }
  const mark = '`'.repeat(ticks);
  const end = text.indexOf(mark, at + ticks);
  if (end < 0) {
    return { node: document.createTextNode(mark), end: at + ticks };
  }
  return { node: el('code', { text: text.slice(at + ticks, end).replace(/^ (.*) $/, '$1') }), end: end + ticks };
}

/** `[text](address)` and `![text](address)`; pictures are not loaded, their text stands for them. */
function link(text, at, depth) {
  const start = text[at] === '!' && text[at + 1] === '[' ? at + 1 : at;
  if (text[start] !== '[') {
    return null;
  }
  const close = closing(text, start, '[', ']');
  if (close < 0 || text[close + 1] !== '(') {
    return null;
  }
  const end = closing(text, close + 1, '(', ')');
  if (end < 0) {
    return null;
  }
  const content = inline(text.slice(start + 1, close), depth + 1);
  const address = text.slice(close + 2, end).trim().split(/\s/, 1)[0].replace(/^<(.*)>$/, '$1');
  const href = start === at ? safe(address) : null;
  const node = href === null
    ? el('span', {}, content)
    : el('a', { href, rel: 'noopener noreferrer nofollow', target: '_blank' }, content);
  return { node, end: end + 1 };
}

function autolink(text, at) {
  if (text[at] !== '<') {
    return null;
  }
  const end = text.indexOf('>', at);
  const address = end < 0 ? '' : text.slice(at + 1, end);
  const href = /^[a-z]+:\S+$/i.test(address) ? safe(address) : null;
  return href === null
    ? null
    : { node: el('a', { href, rel: 'noopener noreferrer nofollow', target: '_blank', text: address }), end: end + 1 };
}

function emphasis(text, at, depth) {
  for (const [mark, tag] of [['**', 'strong'], ['__', 'strong'], ['~~', 's'], ['*', 'em'], ['_', 'em']]) {
    if (!text.startsWith(mark, at) || /\s/.test(text[at + mark.length] ?? ' ')) {
      continue;
    }
    if (mark[0] === '_' && /[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')) {
      continue; // snake_case
    }
    const end = text.indexOf(mark, at + mark.length + 1);
    const after = text[end + mark.length] ?? ' ';
    if (end > 0 && !/\s/.test(text[end - 1]) && !(mark[0] === '_' && /[\p{L}\p{N}]/u.test(after))) {
      return { node: el(tag, {}, inline(text.slice(at + mark.length, end), depth + 1)), end: end + mark.length };
    }
  }
  return null;
}

/** Where the bracket that opens at a place closes; -1 if it does not. */
function closing(text, from, open, close) {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === open) {
      depth++;
    } else if (text[at] === close && --depth === 0) {
      return at;
    }
  }
  return -1;
}

/** An absolute address that only leads elsewhere, or null: no scripts, no data, nothing relative to this server. */
function safe(address) {
  try {
    const url = new URL(address);
    return PROTOCOLS.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
