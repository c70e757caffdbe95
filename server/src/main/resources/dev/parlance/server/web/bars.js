// A list of names with bars and numbers.

import { el } from './dom.js';
import { t } from './i18n.js';

const SHOWN_AT_FIRST = 8;

/**
 * Rows of a name, a bar of a share in 0..1 and its number as text, the first one stressed. Beyond a few, a button shows
 * the others.
 */
export function bars(rows, shownAtFirst = SHOWN_AT_FIRST) {
  const list = el('ol', { class: 'bars' });
  const add = (part) => {
    for (const { name, share, value } of part) {
      const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
      bar.style.setProperty('--share', String(Math.min(1, Math.max(0, share))));
      list.append(el('li', {}, el('span', { class: 'name', title: name, dir: 'auto', text: name }), el('span', { class: 'value', text: value }), bar));
    }
  };
  add(rows.slice(0, shownAtFirst));
  if (rows.length <= shownAtFirst) {
    return list;
  }
  const more = el('button', {
    type: 'button',
    class: 'quiet',
    text: t('bars.all', { n: rows.length }),
    onclick: () => {
      more.remove();
      add(rows.slice(shownAtFirst));
      list.children[shownAtFirst].tabIndex = -1;
      list.children[shownAtFirst].focus();
    },
  });
  return el('div', {}, list, more);
}
