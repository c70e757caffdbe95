// The first tab: a text and its labels, or sentences and how alike they are.

import { $, el, fill, announce } from './dom.js';
import { t, percent, fixed, number } from './i18n.js';
import { predict, predictBody, embed, embedBody, forModel } from './api.js';
import { retrying } from './retry.js';
import { bars } from './bars.js';
import { similarity } from './similarity.js';
import { snippet } from './snippet.js';
import { reasonOf } from './errors.js';

const MAX_SENTENCES = 32;
let model = null;
let running = null;
let shown = () => el('p', { class: 'empty', text: t(embeds() ? 'try.emptySentences' : 'try.empty') });

const embeds = () => model?.task === 'feature-extraction';

export function startTry() {
  $('try-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run();
  });
  $('try-form').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    }
  });
  $('try-form').addEventListener('input', showRequest);
  $('second-toggle').addEventListener('click', () => {
    const open = $('second').hidden;
    $('second').hidden = !open;
    relabel();
    (open ? $('text-pair') : $('text')).focus();
    showRequest();
  });
  document.addEventListener('language', () => {
    relabel();
    showResult();
  });
}

/** Shows the form for a model; a result of another model goes. */
export function useModel(chosen) {
  const changed = model?.name !== chosen.name;
  model = chosen;
  if (changed) {
    running?.abort();
    shown = () => el('p', { class: 'empty', text: t(embeds() ? 'try.emptySentences' : 'try.empty') });
    showResult();
  }
  relabel();
  showRequest();
}

function relabel() {
  const pair = !embeds() && !$('second').hidden;
  $('second-toggle').hidden = embeds();
  $('second').hidden = !pair;
  $('second-toggle').textContent = t(pair ? 'try.removeSecond' : 'try.addSecond');
  $('second-toggle').setAttribute('aria-expanded', String(pair));
  $('text-label').textContent = t(embeds() ? 'try.sentences' : pair ? 'try.first' : 'try.text');
  $('text').placeholder = t(embeds() ? 'try.sentencesHint' : 'try.textHint');
  $('try-run').textContent = t(embeds() ? 'try.compare' : 'try.classify');
}

/** The inputs of the form: for a classifier one input of one text or two, for an encoder sentences. */
function inputs() {
  if (embeds()) {
    return $('text').value.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  }
  return [$('second').hidden ? [$('text').value] : [$('text').value, $('text-pair').value]];
}

function showRequest() {
  if (model !== null) {
    const body = embeds() ? embedBody(inputs(), $('truncate').checked) : predictBody(inputs(), $('truncate').checked);
    snippet(forModel(embeds() ? 'embed' : 'predict', model.name), body);
  }
}

async function run() {
  if (model === null) {
    return;
  }
  const given = inputs();
  const problem = embeds()
    ? given.length === 0 ? 'try.noSentences' : given.length > MAX_SENTENCES ? 'try.tooManySentences' : null
    : given[0].some((text) => text.trim() === '') ? 'try.noText' : null;
  if (problem !== null) {
    fail(() => t(problem, { max: MAX_SENTENCES }));
    $('text').focus();
    return;
  }
  running?.abort();
  const own = (running = new AbortController());
  $('try-result').setAttribute('aria-busy', 'true');
  try {
    await answer(given, own.signal);
  } catch (error) {
    if (running === own && !own.signal.aborted) {
      fail(() => reasonOf(error));
    }
  } finally {
    if (running === own) {
      $('try-result').removeAttribute('aria-busy');
      running = null;
    }
  }
}

async function answer(given, signal) {
  const asked = model;
  const waiting = ({ millis, busy }) => {
    shown = () => el('p', { class: 'empty', text: t(busy ? 'busy' : 'away', { seconds: fixed(millis / 1000, 1) }) });
    showResult();
  };
  let began = 0;
  const ask = embeds() ? embed : predict;
  const attempt = () => {
    began = performance.now();
    return ask(asked.name, given, $('truncate').checked, signal);
  };
  const outputs = await retrying(attempt, { signal, waiting });
  signal.throwIfAborted();
  const millis = performance.now() - began;
  const time = () => el('p', { class: 'note', text: t('try.time', { millis: number(millis, millis < 10 ? 1 : 0) }) });
  if (asked.task === 'feature-extraction') {
    shown = () => [...similarity(given, outputs), time()];
    announce(t('try.compared', { n: given.length }));
  } else {
    const labels = outputs[0];
    shown = () => [bars(labels.map(({ label, score }) => ({ name: label, share: score, value: percent(score) }))), time()];
    announce(t('try.said', { label: labels[0].label, share: percent(labels[0].score) }));
  }
  showResult();
}

function fail(words) {
  shown = () => el('p', { class: 'error', role: 'alert', text: words() });
  showResult();
}

const showResult = () => fill($('try-result'), shown());
