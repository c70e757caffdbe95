// Starts the page: words, theme, tabs, the list of models, the key.

import { $, el, fill, tabs } from './dom.js';
import { t, start, choose, other, current } from './i18n.js';
import { models, onUnauthorized, setKey, hasKey } from './api.js';
import { startTry, useModel } from './try.js';
import { startFile, useModelForFiles } from './file.js';
import { startLive, liveVisible, useModelForCharts } from './live.js';
import { startCard, showCard, taskName } from './card.js';
import { startSnippet } from './snippet.js';
import { reasonOf } from './errors.js';

let served = [];
let model = null;

await start();
startTheme();
startLanguage();
startKey();
startSnippet();
startTry();
startFile();
startLive();
startCard();
const show = tabs($('tabs'), (id) => {
  const name = id.replace('tab-', '');
  history.replaceState(null, '', name === 'try' ? location.pathname + location.search : `#${name}`);
  liveVisible(name === 'live');
});
show(`tab-${location.hash.slice(1) || 'try'}`);
window.addEventListener('hashchange', () => show(`tab-${location.hash.slice(1)}`));
$('model').addEventListener('change', () => use(served.find(({ name }) => name === $('model').value)));
document.addEventListener('language', showModel);
document.addEventListener('visibilitychange', () => document.hidden || refresh());
$('retry').addEventListener('click', refresh);
// A file that misses the place for it would otherwise replace the page.
for (const type of ['dragover', 'drop']) {
  window.addEventListener(type, (event) => event.preventDefault());
}
await refresh();
document.body.classList.add('ready');

/** Asks which models there are: they come and go while the server runs. */
async function refresh() {
  try {
    served = await models();
    $('problem').hidden = true;
  } catch (error) {
    fill($('problem-text'), reasonOf(error));
    $('problem').hidden = false;
    return;
  }
  fill($('model'), served.map(({ name }) => el('option', { value: name, text: name })));
  $('no-models').hidden = served.length > 0;
  const same = served.find(({ name }) => name === model?.name) ?? served[0];
  if (same) {
    use(same);
  }
}

function use(chosen) {
  model = chosen;
  $('model').value = model.name;
  showModel();
  useModel(model);
  useModelForFiles(model);
  useModelForCharts(model);
  showCard(model);
}

function showModel() {
  if (model !== null) {
    const size = model.labels.length > 0 ? t('model.labels', { n: model.labels.length }) : model.dimensions ? t('model.dimensions', { n: model.dimensions }) : null;
    fill($('model-facts'), [taskName(model.task), size, model.precision].filter(Boolean).map((text) => el('span', { class: 'chip', text })));
  }
}

function startTheme() {
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const tell = () => {
    $('theme').setAttribute('aria-pressed', String(dark()));
    document.dispatchEvent(new Event('theme'));
  };
  $('theme').addEventListener('click', () => {
    document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
    try {
      localStorage.setItem('parlance.theme', document.documentElement.dataset.theme);
    } catch {
      // It holds for this visit.
    }
    tell();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
  tell();
}

function startLanguage() {
  const label = () => {
    $('language').textContent = { en: 'English', zh: '中文' }[other()];
    $('language').lang = { en: 'en', zh: 'zh-CN' }[other()];
  };
  $('language').addEventListener('click', () => choose(other()));
  document.addEventListener('language', label);
  label();
  document.documentElement.dataset.language = current();
}

function startKey() {
  const dialog = $('key-dialog');
  let settle = null;
  const ask = (wrong) => {
    $('key-wrong').hidden = !wrong;
    $('key-input').value = '';
    dialog.showModal();
    return new Promise((resolve) => (settle = resolve));
  };
  $('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    setKey($('key-input').value.trim());
    dialog.close('kept');
  });
  $('key-cancel').addEventListener('click', () => dialog.close('cancelled'));
  dialog.addEventListener('close', () => {
    $('key').hidden = !hasKey();
    settle?.(dialog.returnValue === 'kept');
    dialog.returnValue = '';
    settle = null;
  });
  $('key').hidden = !hasKey();
  $('key').addEventListener('click', () => ask(false).then((kept) => kept && refresh()));
  onUnauthorized(ask);
}
