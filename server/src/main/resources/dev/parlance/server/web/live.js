// The tab of the server: what it does now, and the last minutes as charts.

/* global uPlot */
import { $, el, fill } from './dom.js';
import { t, fixed, number, percent } from './i18n.js';
import { stats } from './api.js';
import { reasonOf } from './errors.js';

const EVERY_MILLIS = 2000;
const KEPT = 150; // five minutes
const HEIGHT = 180;

const digits = (value) => (value > 0 && value < 10 ? 1 : 0);
const rate = (value) => fixed(value, digits(value));
const millis = (value) => `${rate(value)} ms`;

/** The charts: what each line shows, by the names of a point of the history, how a value is written, and the least top. */
const CHARTS = [
  { id: 'requests', write: rate, lines: ['requestsPerSecond', 'refusedPerSecond'], top: 1 },
  { id: 'latency', write: millis, lines: ['p50', 'p90', 'p99'], top: 1 },
  { id: 'queue', write: (value) => number(value, 1), lines: ['queueInputs', 'textsPerBatch'], top: 4 },
  { id: 'fill', write: percent, lines: ['batchFill', 'padding'], top: 0.01 },
];
const STROKES = [
  { color: '--accent', dash: [], width: 2 },
  { color: '--text', dash: [6, 4], width: 1.5 },
  { color: '--muted', dash: [2, 3], width: 1.5 },
];

const past = []; // points by time, in seconds
let model = null;
let last = null; // what the server said last, and when
let plots = [];
let timer = null;
let visible = false;
let paused = false;
let asking = null;

export function startLive() {
  $('live-pause').addEventListener('click', () => {
    paused = !paused;
    update();
  });
  document.addEventListener('visibilitychange', update);
  document.addEventListener('language', () => {
    build();
    update();
    show();
  });
  document.addEventListener('theme', () => plots.forEach(({ plot }) => plot.redraw(false)));
  new ResizeObserver(resize).observe($('live-charts'));
  build();
}

/** Shows this model from now on. */
export function useModelForCharts(chosen) {
  if (model?.name !== chosen.name) {
    model = chosen;
    last = null;
    past.length = 0;
    show();
    if (timer !== null) {
      ask();
    }
  }
}

/** Asks the server only while someone looks. */
export function liveVisible(now) {
  visible = now;
  update();
  resize();
}

function update() {
  const on = visible && !paused && !document.hidden;
  $('live-pause').textContent = t(paused ? 'live.resume' : 'live.pause');
  $('live-pause').setAttribute('aria-pressed', String(paused));
  if (on && timer === null) {
    timer = setInterval(ask, EVERY_MILLIS);
    ask();
  } else if (!on && timer !== null) {
    clearInterval(timer);
    timer = null;
    asking?.abort();
  }
}

async function ask() {
  if (asking !== null || model === null) {
    return;
  }
  const own = (asking = new AbortController());
  const of = model;
  try {
    const now = { at: Date.now() / 1000, ...(await stats(of.name, own.signal)) };
    if (of === model) {
      past.push(point(last, now));
      past.splice(0, past.length - KEPT);
      last = now;
      fill($('live-error'));
      show();
    }
  } catch (error) {
    if (!own.signal.aborted) {
      fill($('live-error'), reasonOf(error));
    }
  } finally {
    asking = null;
  }
}

/** Two readings as a point: totals that only grow become rates. Null is what cannot be known, after a restart too. */
function point(before, now) {
  const grown = (key) => (before === null || now[key] < before[key] ? null : now[key] - before[key]);
  const share = (part, whole) => (part === null || !whole ? null : part / whole);
  const seconds = before === null ? null : now.at - before.at;
  const [batches, tokens, padding] = [grown('batchesTotal'), grown('tokensTotal'), grown('paddingTotal')];
  return {
    at: now.at,
    requestsPerSecond: share(grown('requestsTotal'), seconds),
    refusedPerSecond: share(grown('refusedTotal'), seconds),
    p50: now.p50,
    p90: now.p90,
    p99: now.p99,
    queueInputs: now.queueInputs,
    textsPerBatch: share(grown('inputsTotal'), batches),
    batchFill: share(tokens, batches * now.maxBatchTokens),
    padding: share(padding, tokens + padding),
  };
}

function build() {
  plots.forEach(({ plot }) => plot.destroy());
  plots = [];
  fill($('live-charts'), CHARTS.map(chart));
  resize();
}

function chart(of) {
  const values = of.lines.map(() => el('strong', { text: '–' }));
  const legend = of.lines.map((line, i) =>
    el('span', { class: `line line-${i}` }, el('span', { class: 'key', 'aria-hidden': 'true' }), t(`live.${line}`), ' ', values[i]));
  const canvas = el('div', { class: 'plot', role: 'img', 'aria-label': t(`live.${of.id}`) });
  const figure = el('figure', { class: 'panel' }, el('figcaption', {}, el('h3', { text: t(`live.${of.id}`) }), el('div', { class: 'legend' }, legend)), canvas);
  plots.push({ of, values, canvas, plot: new uPlot(options(of), of.lines.map(() => []).concat([[]]), canvas) });
  return figure;
}

function options(of) {
  const axis = { stroke: () => color('--muted'), grid: { stroke: () => color('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  return {
    width: 300,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 8, 0, 0],
    scales: { x: { time: true }, y: { range: (_, min, max) => [0, Math.max(of.top, (max ?? 0) * 1.15)] } },
    axes: [
      { ...axis, size: 28, space: 70, values: (_, times) => times.map(clock) },
      { ...axis, size: 52, space: 36, values: (_, marks) => marks.map((mark) => of.write(mark)) },
    ],
    series: [{}, ...of.lines.map((line, i) => ({
      label: line,
      stroke: () => color(STROKES[i].color),
      width: STROKES[i].width,
      dash: STROKES[i].dash,
      fill: i === 0 ? () => color('--accent-faint') : undefined,
      points: { show: false },
    }))],
  };
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString('en-GB');

/** The color of a variable as the canvas needs it: resolved for the theme in use. */
function color(variable) {
  const probe = $('probe');
  probe.style.color = `var(${variable})`;
  return getComputedStyle(probe).color;
}

function show() {
  const latest = past.at(-1) ?? {};
  const times = past.map(({ at }) => at);
  for (const { of, values, canvas, plot } of plots) {
    of.lines.forEach((line, i) => (values[i].textContent = latest[line] === null || latest[line] === undefined ? '–' : of.write(latest[line])));
    canvas.setAttribute('aria-label', `${t(`live.${of.id}`)}: ${of.lines.map((line, i) => `${t(`live.${line}`)} ${values[i].textContent}`).join(', ')}`);
    plot.setData([times, ...of.lines.map((line) => past.map((entry) => entry[line] ?? null))]);
  }
}

function resize() {
  for (const { canvas, plot } of plots) {
    if (canvas.clientWidth > 0 && canvas.clientWidth !== plot.width) {
      plot.setSize({ width: canvas.clientWidth, height: HEIGHT });
    }
  }
}
