// How alike sentences are: the cosines of their vectors, as bars for the first one and as a matrix.

import { el } from './dom.js';
import { t, fixed, number } from './i18n.js';
import { bars } from './bars.js';

const NUMBERS_SHOWN = 6;

/** What to show for sentences and their vectors. */
export function similarity(sentences, vectors) {
  if (sentences.length === 1) {
    const [vector] = vectors;
    const first = vector.slice(0, NUMBERS_SHOWN).map((value) => fixed(value, 4)).join('  ');
    return [
      el('p', { text: t('similarity.one', { n: number(vector.length) }) }),
      el('pre', { tabindex: '0' }, el('code', { text: `${first}  …` })),
    ];
  }
  const cosines = vectors.map((a) => vectors.map((b) => cosine(a, b)));
  const others = sentences.map((name, i) => ({ name, share: cosines[0][i], value: fixed(cosines[0][i], 3) })).slice(1);
  others.sort((a, b) => b.share - a.share);
  return [
    el('h3', { text: t('similarity.toFirst') }),
    el('p', { class: 'quoted', dir: 'auto', title: sentences[0], text: sentences[0] }),
    bars(others),
    sentences.length > 2 ? el('h3', { text: t('similarity.all') }) : null,
    sentences.length > 2 ? matrix(sentences, cosines) : null,
  ];
}

function matrix(sentences, cosines) {
  const cell = (value, same) => {
    const td = el('td', { text: fixed(value, 2), class: same ? 'same' : null });
    td.style.setProperty('--share', String(Math.max(0, value)));
    return td;
  };
  const head = el('tr', {}, el('td'), sentences.map((text, i) => el('th', { scope: 'col', title: text, text: String(i + 1) })));
  const rows = sentences.map((text, i) =>
    el('tr', {},
      el('th', { scope: 'row', title: text }, el('span', { class: 'n', text: String(i + 1) }), ' ', el('span', { dir: 'auto', text })),
      cosines[i].map((value, j) => cell(value, i === j))));
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('similarity.all') },
    el('table', { class: 'matrix' }, el('thead', {}, head), el('tbody', {}, rows)));
}

function cosine(a, b) {
  let dot = 0;
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    lengthA += a[i] * a[i];
    lengthB += b[i] * b[i];
  }
  return lengthA === 0 || lengthB === 0 ? 0 : dot / Math.sqrt(lengthA * lengthB);
}
