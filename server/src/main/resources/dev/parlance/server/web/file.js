// The tab of files: choose one and its columns, score its rows, look at what came out and take it along.

import { $, el, fill, announce } from './dom.js';
import { t, number, fixed } from './i18n.js';
import { predict, embed } from './api.js';
import { readText, parse } from './table.js';
import { scoreAll } from './scoring.js';
import { reasonOf } from './errors.js';
import { clip, csvOf, distribution, errorList, resultTable } from './results.js';

const PREVIEW_ROWS = 5;
const TEXT_COLUMNS = ['text', 'sentence', 'content', 'review', 'message', 'question', 'body', 'title'];

let model = null;
let file = null; // { name, text, encoding, table }
let run = null; // { model, rows, results, done, began, abort, state, error }

export function startFile() {
  $('file').addEventListener('change', () => open($('file').files[0]));
  const zone = $('drop');
  // dragover must be refused for a drop to be offered at all.
  for (const type of ['dragenter', 'dragover']) {
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.add('over');
    });
  }
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    open(event.dataTransfer.files[0]);
  });
  $('file-header').addEventListener('change', () => read(file));
  $('file-form').addEventListener('submit', (event) => {
    event.preventDefault();
    start();
  });
  $('file-cancel').addEventListener('click', () => run?.abort.abort());
  $('file-save').addEventListener('click', save);
  document.addEventListener('language', show);
}

/** Rows are scored by this model from now on; a run in progress keeps its own. */
export function useModelForFiles(chosen) {
  model = chosen;
  show();
}

async function open(chosen) {
  if (!chosen || run?.state === 'running') {
    return;
  }
  fill($('file-error'));
  run = null;
  file = null;
  show();
  try {
    const { text, encoding } = await readText(chosen);
    read({ name: chosen.name, text, encoding });
  } catch (error) {
    fill($('file-error'), reasonOf(error));
  }
  // The same file can be chosen again.
  $('file').value = '';
}

function read(next) {
  fill($('file-error'));
  run = null;
  try {
    file = { ...next, table: parse(next.name, next.text, $('file-header').checked) };
    columns(file.table.columns);
    announce(t('file.read', { name: file.name, rows: number(file.table.rows.length) }));
  } catch (error) {
    file = null;
    fill($('file-error'), reasonOf(error));
  }
  show();
}

function columns(names) {
  const options = names.map((name, i) => el('option', { value: String(i), text: name }));
  fill($('file-text'), options.map((option) => option.cloneNode(true)));
  fill($('file-pair'), el('option', { value: '', text: t('file.noPair') }), options);
  const likely = names.findIndex((name) => TEXT_COLUMNS.includes(name.toLowerCase()));
  $('file-text').value = String(likely >= 0 ? likely : longest());
}

/** The column with the longest cells, which is most likely the text. */
function longest() {
  const rows = file.table.rows.slice(0, 100);
  const lengths = file.table.columns.map((_, i) => rows.reduce((sum, row) => sum + row.cells[i].length, 0));
  return lengths.indexOf(Math.max(...lengths));
}

async function start() {
  if (file === null || model === null || run?.state === 'running') {
    return;
  }
  const text = Number($('file-text').value);
  const embeds = model.task === 'feature-extraction';
  const pair = embeds || $('file-pair').value === '' ? null : Number($('file-pair').value);
  const results = file.table.rows.map((row) => problemOf(row, text));
  const rows = file.table.rows.map(({ cells }, i) =>
    results[i] ? null : pair === null ? [cells[text]] : [cells[text], cells[pair]]);
  const own = (run = {
    model, embeds, file, text, results,
    total: rows.filter(Boolean).length,
    done: 0,
    began: performance.now(),
    abort: new AbortController(),
    state: 'running', // then done, cancelled or failed
    error: null,
    waiting: null, // why and for how long nothing is sent
  });
  show();
  announce(t('file.started'));
  const truncate = $('file-truncate').checked;
  const send = (inputs, signal) =>
    embeds
      ? embed(own.model.name, inputs.map(([only]) => only), truncate, signal)
      : predict(own.model.name, inputs, truncate, signal);
  const progress = (n) => {
    own.done += n;
    own.waiting = null;
    showProgress();
  };
  const waiting = (until) => {
    own.waiting = until;
    showProgress();
  };
  try {
    await scoreAll(rows, results, { send, signal: own.abort.signal, progress, waiting });
    own.state = 'done';
  } catch (error) {
    own.state = own.abort.signal.aborted ? 'cancelled' : 'failed';
    own.error = error;
  }
  own.seconds = (performance.now() - own.began) / 1000;
  show();
  announce(summary());
}

/** What keeps a row from being sent, or null. */
function problemOf(row, text) {
  if (row.error) {
    return { error: row.error };
  }
  return row.cells[text].trim() === '' ? { error: { key: 'row.empty' } } : null;
}

function show() {
  $('file-panel').hidden = file === null;
  $('file-progress').hidden = run?.state !== 'running';
  $('file-results').hidden = run === null || run.state === 'running';
  $('file-start').disabled = run?.state === 'running';
  $('file').disabled = run?.state === 'running';
  $('file-pair-field').hidden = model?.task === 'feature-extraction';
  if (file !== null) {
    showFile();
  }
  if (run?.state === 'running') {
    showProgress();
  } else if (run !== null) {
    showResults();
  }
}

function showFile() {
  const { name, encoding, table } = file;
  $('file-facts').textContent = t('file.facts', { name, rows: number(table.rows.length), encoding });
  $('file-header-field').hidden = table.hasHeader === null;
  $('file-pair').options[0].textContent = t('file.noPair');
  $('file-start').textContent = t('file.start', { n: number(table.rows.length) });
  const head = table.columns.map((column) => el('th', { scope: 'col', text: column }));
  const rows = table.rows.slice(0, PREVIEW_ROWS).map((row) =>
    el('tr', {}, row.cells.map((cell) => el('td', { dir: 'auto', text: clip(cell) }))));
  fill($('file-preview'), el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows)));
}

function showProgress() {
  const seconds = (performance.now() - run.began) / 1000;
  const speed = run.done / Math.max(seconds, 0.001);
  $('file-bar').max = Math.max(1, run.total);
  $('file-bar').value = run.done;
  const left = Math.ceil((run.total - run.done) / Math.max(speed, 0.001));
  const values = { done: number(run.done), total: number(run.total), speed: number(speed), left: number(left) };
  $('file-status').textContent = run.waiting !== null
    ? t(run.waiting.busy ? 'busy' : 'away', { seconds: fixed(run.waiting.millis / 1000, 1) })
    : t(run.done === 0 ? 'file.starting' : 'file.progress', values);
}

function summary() {
  const errors = run.results.filter((result) => result?.error).length;
  const values = {
    done: number(run.done),
    total: number(run.total),
    seconds: fixed(run.seconds, 1),
    speed: number(run.done / Math.max(run.seconds, 0.001)),
    errors: number(errors),
  };
  const first = t(`file.${run.state}`, { ...values, reason: run.error && run.state === 'failed' ? reasonOf(run.error) : '' });
  return errors > 0 ? `${first} ${t('file.withErrors', values)}` : first;
}

function showResults() {
  $('file-summary').textContent = summary();
  $('file-summary').classList.toggle('error', run.state === 'failed');
  const rows = run.results.map((result, i) => ({ result, row: run.file.table.rows[i] })).filter(({ result }) => result);
  const failed = rows.filter(({ result }) => result.error);
  const scored = rows.filter(({ result }) => result.output);
  fill($('file-labels'), run.embeds || scored.length === 0 ? null : distribution(scored));
  fill($('file-errors'), failed.length === 0 ? null : errorList(failed));
  fill($('file-table'), scored.length === 0 ? null : resultTable(scored, run.text, run.embeds));
}

function save() {
  const csv = csvOf(run.file.table, run.results, run.embeds);
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  const name = `${run.file.name.replace(/\.[^.]*$/, '')}-${run.model.name.replace(/[^\w.-]+/g, '-')}.csv`;
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
