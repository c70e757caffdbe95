'use strict';
// Texts of runs reach the page only as text nodes, attribute-free, or as labels that are drawn on a canvas.
const data = JSON.parse(document.getElementById('data').textContent);
const runs = data.runs;
const byId = name => document.getElementById(name);
const PALETTE = ['#4682dc', '#dc503c', '#3ca55c', '#b06fd8', '#e0a030', '#30a8b0', '#d860a0', '#7a8c3c', '#8c6d4f', '#5c6ac4'];
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
const ink = dark ? '#ddd' : '#333';
runs.forEach((run, i) => { run.color = PALETTE[i % PALETTE.length]; run.selected = i < 10; run.shown = true; });

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function number(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return '-';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Math.round(value * 1e4) / 1e4);
}

function time(seconds) {
  const pad = n => String(n).padStart(2, '0');
  return Math.floor(seconds / 3600) + ':' + pad(Math.floor(seconds / 60) % 60) + ':' + pad(Math.floor(seconds) % 60);
}

function options(select, names, chosen) {
  select.replaceChildren(...names.map(name => element('option', name)));
  if (names.includes(chosen)) select.value = chosen;
}

function chart(name) {
  const made = echarts.init(byId(name), null, { renderer: 'canvas' });
  addEventListener('resize', () => made.resize());
  return made;
}

const selected = () => runs.filter(run => run.selected);

// --- runs ---

function drawRuns() {
  const head = element('tr');
  ['', 'run', 'status', 'model', 'data', 'score', 'steps', 'time'].forEach(title => head.append(element('th', title)));
  const rows = runs.filter(run => run.shown).map(run => {
    const row = element('tr');
    const box = element('input');
    box.type = 'checkbox';
    box.checked = run.selected;
    box.onchange = () => { run.selected = box.checked; drawSelected(); };
    const cell = element('td');
    const dot = element('span', undefined, 'dot');
    dot.style.background = run.color;
    cell.append(box, dot);
    row.append(cell, element('td', run.id), element('td', run.status), element('td', run.model), element('td', run.data));
    row.append(element('td', run.headline), element('td', run.step + (run.steps ? ' / ' + run.steps : ''), 'number'));
    row.append(element('td', time(run.seconds), 'number'));
    return row;
  });
  byId('runs').replaceChildren(head, ...rows);
}

// --- curves ---

const curves = chart('curves');

/** Exponential moving average, corrected for its start at 0. */
function smoothed(values, weight) {
  let sum = 0;
  let total = 0;
  return values.map(value => {
    sum = weight * sum + value;
    total = weight * total + 1;
    return sum / total;
  });
}

function drawCurves() {
  const name = byId('curve').value;
  const weight = Number(byId('smooth').value);
  const log = byId('log').checked;
  const series = selected().filter(run => run.curves[name]).map(run => {
    const [steps, values] = run.curves[name];
    const line = smoothed(values, weight);
    return {
      name: run.id, type: 'line', showSymbol: steps.length < 30, color: run.color,
      data: steps.map((step, i) => [step, log && line[i] <= 0 ? null : line[i]])
    };
  });
  curves.setOption({
    animation: false,
    textStyle: { color: ink },
    legend: { type: 'scroll', textStyle: { color: ink } },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: number },
    grid: { left: 70, right: 30, bottom: 85, top: 40 },
    dataZoom: [{ type: 'inside' }, { type: 'slider' }],
    xAxis: { type: 'value', name: 'step', nameLocation: 'middle', nameGap: 24, min: 'dataMin', max: 'dataMax' },
    yAxis: { type: log ? 'log' : 'value', scale: true, name: name, nameTextStyle: { align: 'left' } },
    series: series
  }, true);
}

// --- parallel coordinates ---

const parallel = chart('parallel');

function drawParallel() {
  const score = byId('score').value;
  const names = [...new Set(runs.flatMap(run => Object.keys(run.settings)))]
    .filter(name => !['output_dir', 'tracking.run_name'].includes(name))
    .filter(name => new Set(runs.map(run => run.settings[name])).size > 1)
    .slice(0, 12);
  const columns = names.map(name => runs.map(run => run.settings[name] === undefined ? '-' : run.settings[name]));
  const numeric = columns.map(column => column.every(value => value !== '' && Number.isFinite(Number(value))));
  const rows = runs.map((run, i) => [...columns.map((column, c) => numeric[c] ? Number(column[i]) : column[i]), run.scores[score]])
    .map((row, i) => ({ name: runs[i].id, value: row }))
    .filter(row => row.value[row.value.length - 1] !== undefined);
  const scores = rows.map(row => row.value[row.value.length - 1]);
  const axes = names.map((name, c) => {
    const low = Math.min(...columns[c].map(Number));
    const spread = numeric[c] && low > 0 && Math.max(...columns[c].map(Number)) / low > 50;
    return Object.assign({ dim: c, name: name.split('.').pop() },
      numeric[c] ? { type: spread ? 'log' : 'value', scale: true, axisLabel: { formatter: number } }
        : { type: 'category', data: [...new Set(columns[c])] });
  });
  axes.push({ dim: names.length, name: score, type: 'value', scale: true, axisLabel: { formatter: number } });
  axes.forEach(axis => Object.assign(axis, { nameTextStyle: { color: ink }, nameGap: 14 }));
  parallel.setOption({
    animation: false,
    textStyle: { color: ink },
    tooltip: { renderMode: 'richText', confine: true, formatter: shown => shown.name },
    visualMap: {
      type: 'continuous', show: scores.length > 1, dimension: names.length, min: Math.min(...scores), max: Math.max(...scores),
      right: 0, top: 'middle', precision: 4, textStyle: { color: ink },
      inRange: { color: ['#dc503c', '#e0a030', '#4682dc'] }
    },
    parallel: { left: 60, right: 110, top: 50, bottom: 30 },
    parallelAxis: axes,
    series: { type: 'parallel', smooth: 0.1, lineStyle: { width: 2, opacity: 0.7 }, data: rows }
  }, true);
}

// --- confusion matrix ---

const matrix = chart('matrix');

function drawMatrix() {
  const run = runs.find(candidate => candidate.id === byId('matrix-run').value);
  if (!run) {
    matrix.clear();
    return;
  }
  const { labels, counts, split } = run.confusion;
  const cells = [];
  counts.forEach((row, gold) => {
    const support = row.reduce((a, b) => a + b, 0);
    row.forEach((count, predicted) => cells.push([predicted, gold, support ? count / support : 0, count]));
  });
  matrix.setOption({
    animation: false,
    textStyle: { color: ink },
    title: { text: 'on the ' + split + ' data', textStyle: { fontSize: 13, color: ink } },
    tooltip: {
      renderMode: 'richText', confine: true,
      formatter: cell => labels[cell.value[1]] + ' taken for ' + labels[cell.value[0]] + ': ' + cell.value[3]
    },
    grid: { left: 10, right: 20, top: 40, bottom: 10, containLabel: true },
    xAxis: { type: 'category', data: labels, axisLabel: { rotate: 45, interval: 0, width: 110, overflow: 'truncate' } },
    yAxis: { type: 'category', data: labels, inverse: true, axisLabel: { interval: 0, width: 110, overflow: 'truncate' } },
    visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: [dark ? '#222' : '#fff', '#4682dc'] } },
    series: {
      type: 'heatmap', data: cells,
      label: { show: labels.length <= 25, color: ink, formatter: cell => String(cell.value[3]) },
      itemStyle: { borderColor: '#8884', borderWidth: 1 }
    }
  }, true);
}

// --- settings ---

function drawSettings() {
  const columns = selected();
  const head = element('tr');
  head.append(element('th', ''), ...columns.map(run => element('th', run.id)));
  const rows = [];
  const add = (name, texts) => {
    const differs = new Set(texts).size > 1;
    if (differs || !byId('differing').checked) {
      const row = element('tr');
      row.append(element('td', name), ...texts.map(text => element('td', text, differs ? 'differs' : '')));
      rows.push(row);
    }
  };
  const names = part => [...new Set(columns.flatMap(run => Object.keys(run[part])))];
  names('settings').forEach(name => add(name, columns.map(run => run.settings[name] === undefined ? '-' : run.settings[name])));
  names('scores').forEach(name => add(name, columns.map(run => number(run.scores[name]))));
  byId('settings').replaceChildren(head, ...rows);
}

// --- all of it ---

function drawSelected() {
  drawCurves();
  drawSettings();
}

function select(on) {
  runs.filter(run => run.shown).forEach(run => { run.selected = on; });
  drawRuns();
  drawSelected();
}

byId('summary').textContent = runs.length + (runs.length === 1 ? ' run' : ' runs') + ', as of ' + data.generated_at
  + (data.left_out ? '; ' + data.left_out + ' more are left out' : '');
options(byId('curve'), [...new Set(runs.flatMap(run => Object.keys(run.curves)))].sort(), 'loss');
options(byId('score'), [...new Set(runs.flatMap(run => Object.keys(run.scores)))].sort(), data.score);
options(byId('matrix-run'), runs.filter(run => run.confusion).map(run => run.id));
byId('all').onclick = () => select(true);
byId('none').onclick = () => select(false);
byId('find').oninput = () => {
  const wanted = byId('find').value.toLowerCase();
  runs.forEach(run => { run.shown = [run.id, run.model, run.data, run.status].join(' ').toLowerCase().includes(wanted); });
  drawRuns();
};
['curve', 'log', 'smooth'].forEach(name => { byId(name).oninput = drawCurves; });
byId('score').onchange = drawParallel;
byId('matrix-run').onchange = drawMatrix;
byId('differing').onchange = drawSettings;
drawRuns();
drawSelected();
drawParallel();
drawMatrix();
