// What came out of a file: for the eye, and as CSV to take along.

import { el } from './dom.js';
import { t, number, percent } from './i18n.js';
import { toCsv, unique } from './table.js';
import { bars } from './bars.js';

const ROWS_SHOWN = 100;

/** A text as a cell shows it. */
export const clip = (text) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** How many rows have which label. */
export function distribution(rows) {
  const counts = new Map();
  for (const { result } of rows) {
    counts.set(result.output[0].label, (counts.get(result.output[0].label) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const share = (n) => n / rows.length;
  return [
    el('h3', { text: t('file.labels') }),
    bars(sorted.map(([name, n]) => ({ name, share: share(n), value: `${number(n)} · ${percent(share(n))}` }))),
  ];
}

/** The first rows that went wrong, with their lines. */
export function errorList(rows) {
  const item = ({ result, row }) =>
    el('li', {}, el('span', { class: 'n', text: t('file.line', { n: number(row.line) }) }), ' ', reason(result.error));
  return [
    el('h3', { text: t('file.errors', { n: number(rows.length) }) }),
    el('ul', { class: 'errors', tabindex: '0' }, rows.slice(0, ROWS_SHOWN).map(item)),
  ];
}

/** The first rows with what the model said of them. */
export function resultTable(rows, textColumn, embeds) {
  const said = ({ output }) =>
    embeds
      ? [el('td', { text: t('file.vector', { n: number(output.length) }) })]
      : [
          el('td', {}, el('span', { class: 'chip', dir: 'auto', text: output[0].label })),
          el('td', { class: 'right', text: percent(output[0].score) }),
        ];
  const body = rows.slice(0, ROWS_SHOWN).map(({ result, row }) =>
    el('tr', {},
      el('td', { class: 'n', text: number(row.line) }),
      said(result),
      el('td', { class: 'long', dir: 'auto', text: clip(row.cells[textColumn]) })));
  const heads = embeds
    ? [['file.lineHead'], ['file.vectorHead'], ['file.textHead']]
    : [['file.lineHead'], ['file.labelHead'], ['file.scoreHead', 'right'], ['file.textHead']];
  const head = heads.map(([key, style]) =>
    el('th', { scope: 'col', class: style, text: t(key) }));
  return [
    el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, body)),
    rows.length > ROWS_SHOWN ? el('p', { class: 'note', text: t('file.more', { n: number(ROWS_SHOWN) }) }) : null,
  ];
}

const reason = (error) => (typeof error === 'string' ? error : t(error.key, error.values));

/** CSV: the columns of the file, then what the model said, then what went wrong. */
export function csvOf(table, results, embeds) {
  const outputs = results.map((result) => result?.output);
  const labels = embeds ? [] : [...new Set(outputs.flatMap((output) => (output ?? []).map(({ label }) => label)))];
  const added = embeds
    ? ['embedding']
    : ['predicted_label', 'predicted_score', ...labels.map((label) => `score_${label}`)];
  const said = (output) => {
    if (output === undefined) {
      return added.map(() => '');
    }
    if (embeds) {
      return [JSON.stringify(output)];
    }
    const scores = new Map(output.map(({ label, score }) => [label, score]));
    return [output[0].label, output[0].score, ...labels.map((label) => scores.get(label) ?? '')];
  };
  const problem = (result) => (result?.error ? reason(result.error) : result ? '' : t('row.notSent'));
  const rows = table.rows.map(({ cells }, i) => [...cells, ...said(outputs[i]), problem(results[i])]);
  return toCsv(unique([...table.columns, ...added, 'error']), rows);
}
