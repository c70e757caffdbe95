// The tab of the model: its facts and its card.

import { $, el, fill } from './dom.js';
import { t, number, dateTime } from './i18n.js';
import { markdown } from './markdown.js';

const LABELS_SHOWN = 30;
let model = null;

export function startCard() {
  document.addEventListener('language', show);
}

/** Shows a model. */
export function showCard(chosen) {
  model = chosen;
  show();
}

function show() {
  if (model === null) {
    return;
  }
  fill($('card-facts'), facts(model).map(([key, value]) => el('div', {}, el('dt', { text: t(key) }), el('dd', {}, value))));
  const { frontMatter, nodes } = markdown(model.card);
  fill(
    $('card-text'),
    nodes.length === 0 ? el('p', { class: 'empty', text: t('card.none') }) : nodes,
    frontMatter === null
      ? null
      : el('details', {}, el('summary', { text: t('card.metadata') }), el('pre', { tabindex: '0' }, el('code', { text: frontMatter }))),
  );
}

function facts(of) {
  const labels = of.labels.slice(0, LABELS_SHOWN).map((label) => el('span', { class: 'chip', dir: 'auto', text: label }));
  if (of.labels.length > LABELS_SHOWN) {
    labels.push(el('span', { class: 'chip', text: `+ ${number(of.labels.length - LABELS_SHOWN)}` }));
  }
  const loaded = new Date(of.loaded);
  return [
    ['card.task', taskName(of.task)],
    ['card.version', of.version],
    ['card.type', of.modelType],
    ['card.length', of.maxLength ? t('card.tokens', { n: number(of.maxLength) }) : null],
    ['card.dimensions', of.dimensions ? number(of.dimensions) : null],
    ['card.precision', of.precision],
    ['card.loaded', Number.isNaN(loaded.getTime()) ? null : dateTime(loaded)],
    ['card.labels', labels.length > 0 ? el('span', { class: 'chips' }, labels) : null],
  ].filter(([, value]) => value !== null && value !== undefined && value !== '');
}

/** What a task is called; one that the page does not know, as the server calls it. */
export function taskName(task) {
  const key = `task.${task}`;
  const name = t(key);
  return name === key ? task : name;
}
