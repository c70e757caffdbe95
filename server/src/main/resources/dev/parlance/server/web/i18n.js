// The words of the page, from i18n/<language>.json, and numbers as the language writes them.

const LANGUAGES = ['en', 'zh'];
const KEY = 'parlance.language';
let words = {};
let language = 'en';

/** The language in use. */
export const current = () => language;

/** The language that the page would switch to. */
export const other = () => LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];

/** What a key says, with `{name}` replaced by the values. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const locale = () => (language === 'zh' ? 'zh-CN' : 'en');

/** A number with at most so many digits after the point. */
export const number = (value, digits = 0) => value.toLocaleString(locale(), { maximumFractionDigits: digits });

/** A number with exactly so many digits after the point. */
export const fixed = (value, digits) =>
  value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A share as a percentage with one digit. */
export const percent = (share) =>
  share.toLocaleString(locale(), { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A date and time. */
export const dateTime = (date) => date.toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });

/** Takes the language that was chosen before, or the first of the browser's that the page speaks. */
export function start() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // Storage may be switched off; then the browser's language holds.
  }
  const wanted = [chosen, ...navigator.languages].map((tag) => String(tag).toLowerCase().split('-')[0]);
  return load(wanted.find((tag) => LANGUAGES.includes(tag)) ?? 'en');
}

/** Switches and remembers. */
export async function choose(wanted) {
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // It holds for this visit.
  }
  await load(wanted);
}

async function load(wanted) {
  const response = await fetch(new URL(`i18n/${wanted}.json`, import.meta.url));
  if (!response.ok) {
    throw new Error(`i18n/${wanted}.json: ${response.status}`);
  }
  words = await response.json();
  language = wanted;
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
  for (const node of document.querySelectorAll('[data-i18n]')) {
    node.textContent = t(node.dataset.i18n);
  }
  for (const name of ['placeholder', 'aria-label', 'title']) {
    for (const node of document.querySelectorAll(`[data-i18n-${name}]`)) {
      node.setAttribute(name, t(node.getAttribute(`data-i18n-${name}`)));
    }
  }
  document.dispatchEvent(new Event('language'));
}
