// Markdown as DOM nodes: what model cards use of it. HTML in it stays text, so a card can say anything and do nothing.

import { el } from './dom.js';
import { inline } from './inline.js';

const MAX_CHARS = 500_000;
const MAX_DEPTH = 8;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const RULE = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +)(?=\S)/;
const QUOTE = /^ {0,3}> ?/;
const DELIMITERS = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** The nodes of a document and its YAML front matter, if it has one, as it is written. */
export function markdown(source) {
  const lines = source.slice(0, MAX_CHARS).replaceAll('\t', '    ').split(/\r\n?|\n/);
  let frontMatter = null;
  if (lines[0] === '---') {
    const end = lines.indexOf('---', 1);
    if (end > 0) {
      frontMatter = lines.slice(1, end).join('\n');
      lines.splice(0, end + 1);
    }
  }
  return { frontMatter, nodes: blocks(lines, 0) };
}

function blocks(lines, depth) {
  if (depth > MAX_DEPTH) {
    return [el('p', { text: lines.join('\n') })];
  }
  const nodes = [];
  for (let at = 0; at < lines.length; ) {
    if (lines[at].trim() === '') {
      at++;
      continue;
    }
    const block = fence(lines, at) ?? heading(lines, at) ?? rule(lines, at) ?? comment(lines, at)
      ?? table(lines, at) ?? quote(lines, at, depth) ?? list(lines, at, depth) ?? indented(lines, at) ?? paragraph(lines, at);
    if (block.node) {
      nodes.push(block.node);
    }
    at = block.end;
  }
  return nodes;
}

function fence(lines, at) {
  const open = FENCE.exec(lines[at]);
  if (!open) {
    return null;
  }
  let end = at + 1;
  while (end < lines.length && !(lines[end].trim().startsWith(open[1]) && /^(`+|~+)$/.test(lines[end].trim()))) {
    end++;
  }
  return { node: codeBlock(lines.slice(at + 1, end)), end: end + 1 };
}

function indented(lines, at) {
  if (!lines[at].startsWith('    ')) {
    return null;
  }
  let end = at;
  while (end < lines.length && (lines[end].startsWith('    ') || lines[end].trim() === '')) {
    end++;
  }
  return { node: codeBlock(lines.slice(at, end).map((line) => line.slice(4))), end };
}

// Wide ones scroll by themselves, also by keyboard.
const codeBlock = (lines) => el('pre', { tabindex: '0' }, el('code', { text: lines.join('\n').trimEnd() }));

function heading(lines, at) {
  const match = HEADING.exec(lines[at]);
  if (!match) {
    return null;
  }
  // The page has its own h1; the card's headings come below it.
  const level = Math.min(6, match[1].length + 1);
  return { node: el(`h${level}`, {}, inline((match[2] ?? '').replace(/[ \t]+#+[ \t]*$/, '').trim())), end: at + 1 };
}

const rule = (lines, at) => (RULE.test(lines[at]) ? { node: el('hr'), end: at + 1 } : null);

function comment(lines, at) {
  if (!lines[at].trimStart().startsWith('<!--')) {
    return null;
  }
  const end = lines.findIndex((line, index) => index >= at && line.trimEnd().endsWith('-->'));
  return end < 0 ? null : { node: null, end: end + 1 };
}

function table(lines, at) {
  if (!lines[at].includes('|') || !DELIMITERS.test(lines[at + 1] ?? '')) {
    return null;
  }
  const heads = cells(lines[at]);
  const aligns = cells(lines[at + 1]).map((cell) => (cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : null));
  if (heads.length !== aligns.length) {
    return null;
  }
  let end = at + 2;
  while (end < lines.length && lines[end].includes('|')) {
    end++;
  }
  const row = (tag, values) => el('tr', {}, heads.map((_, i) => el(tag, { class: aligns[i] }, inline(values[i] ?? ''))));
  const body = lines.slice(at + 2, end).map((line) => row('td', cells(line)));
  const node = el('div', { class: 'scroll', tabindex: '0' }, el('table', {}, el('thead', {}, row('th', heads)), el('tbody', {}, body)));
  return { node, end };
}

/** The cells of a row; `\|` is no border. */
function cells(line) {
  const found = [''];
  const text = line.trim().replace(/^\|/, '');
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] === '|') {
      found[found.length - 1] += '|';
      at++;
    } else if (text[at] === '|') {
      found.push('');
    } else {
      found[found.length - 1] += text[at];
    }
  }
  if (found.length > 1 && found.at(-1).trim() === '') {
    found.pop();
  }
  return found.map((cell) => cell.trim());
}

function quote(lines, at, depth) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) {
    end++;
  }
  if (end === at) {
    return null;
  }
  return { node: el('blockquote', {}, blocks(lines.slice(at, end).map((line) => line.replace(QUOTE, '')), depth + 1)), end };
}

function list(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  if (!first) {
    return null;
  }
  const kind = (mark) => (/\d/.test(mark) ? mark.at(-1) : mark);
  const items = [];
  let end = at;
  for (let match = first; match && kind(match[2]) === kind(first[2]); match = ITEM.exec(lines[end] ?? '')) {
    const indent = match[0].length;
    const content = [lines[end++].slice(indent)];
    while (end < lines.length && belongs(lines, end, indent)) {
      content.push(lines[end].startsWith(' '.repeat(indent)) ? lines[end].slice(indent) : lines[end].trimStart());
      end++;
    }
    items.push(item(content, depth));
  }
  const ordered = /\d/.test(first[2]);
  const start = ordered ? Number.parseInt(first[2], 10) : 1;
  return { node: el(ordered ? 'ol' : 'ul', { start: start === 1 ? null : start }, items), end };
}

/** Whether a line goes on with an item: it is indented, a blank line before such a one, or a paragraph's next line. */
function belongs(lines, at, indent) {
  const line = lines[at];
  if (line.trim() === '') {
    const next = lines.slice(at + 1).find((other) => other.trim() !== '') ?? '';
    return next.startsWith(' '.repeat(indent));
  }
  if (line.startsWith(' '.repeat(indent))) {
    return true;
  }
  return lines[at - 1].trim() !== '' && !starts(line);
}

function item(content, depth) {
  const nodes = blocks(content, depth + 1);
  // One paragraph, or one with a list below, is set tight.
  const tight = nodes[0]?.tagName === 'P' && !content.includes('');
  return el('li', {}, tight ? [...nodes[0].childNodes, ...nodes.slice(1)] : nodes);
}

const starts = (line) =>
  [FENCE, HEADING, RULE, ITEM, QUOTE].some((pattern) => pattern.test(line));

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() !== '' && !starts(lines[end]) && !table(lines, end)) {
    end++;
  }
  const parts = lines.slice(at, end).map((line) => line.trimStart());
  const nodes = inline(parts.map((line, i) => (i < parts.length - 1 ? line.replace(/( {2,}|\\)$/, '\u2028') : line.trimEnd())).join('\n'));
  return { node: el('p', {}, nodes.flatMap(breakLines)), end };
}

/** A text node in which hard line breaks are elements. */
function breakLines(node) {
  if (node.nodeType !== Node.TEXT_NODE || !node.data.includes('\u2028')) {
    return [node];
  }
  return node.data.split('\u2028').flatMap((part, i) => (i === 0 ? [part] : [el('br'), part]));
}
