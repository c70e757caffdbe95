// The present request as code to copy. A key is named, never shown.

import { $, el, fill, announce, tabs } from './dom.js';
import { t } from './i18n.js';
import { hasKey, endpoint } from './api.js';

const KEY = 'PARLANCE_API_KEY';
const WRITERS = { 'code-curl': curl, 'code-java': java, 'code-python': python };
let writer = 'code-curl';
let request = null;

export function startSnippet() {
  tabs($('code-tabs'), (id) => {
    writer = id;
    show();
  });
  $('copy').addEventListener('click', copy);
}

/** Shows a request: its path, with its query, and its body. */
export function snippet(path, body) {
  request = { path, body };
  show();
}

function show() {
  if (request !== null) {
    $('code').textContent = WRITERS[writer](endpoint(request.path).href, request.body, hasKey());
  }
}

function curl(url, body, key) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl ${quote(url)}`, `-H 'Content-Type: application/json'`];
  if (key) {
    lines.push(`-H "Authorization: Bearer $${KEY}"`);
  }
  lines.push(`-d ${quote(JSON.stringify(body))}`);
  return lines.join(' \\\n  ');
}

function java(url, body, key) {
  const json = JSON.stringify(body).replaceAll('\\', '\\\\').replaceAll('"""', '\\"""');
  return [
    `HttpRequest request = HttpRequest.newBuilder(URI.create("${url}"))`,
    '        .header("Content-Type", "application/json")',
    key ? `        .header("Authorization", "Bearer " + System.getenv("${KEY}"))` : null,
    '        .POST(HttpRequest.BodyPublishers.ofString("""',
    `                ${json}"""))`,
    '        .build();',
    'HttpResponse<String> response =',
    '        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    'System.out.println(response.body());',
  ].filter((line) => line !== null).join('\n');
}

function python(url, body, key) {
  return [
    key ? 'import os\n' : null,
    'import requests\n',
    'response = requests.post(',
    `    "${url}",`,
    key ? `    headers={"Authorization": "Bearer " + os.environ["${KEY}"]},` : null,
    `    json=${pythonLiteral(body)},`,
    ')',
    'response.raise_for_status()',
    'print(response.json())',
  ].filter((line) => line !== null).join('\n');
}

function pythonLiteral(value) {
  if (Array.isArray(value)) {
    return `[${value.map(pythonLiteral).join(', ')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${pythonLiteral(part)}`).join(', ')}}`;
  }
  return { true: 'True', false: 'False', null: 'None' }[String(value)] && typeof value !== 'string'
    ? { true: 'True', false: 'False', null: 'None' }[String(value)]
    : JSON.stringify(value);
}

async function copy() {
  try {
    await navigator.clipboard.writeText($('code').textContent);
  } catch {
    // Without HTTPS there is no clipboard: the code is selected, to be copied by hand.
    getSelection().selectAllChildren($('code'));
    announce(t('code.selected'));
    return;
  }
  fill($('copy'), el('span', { text: t('code.copied') }));
  announce(t('code.copied'));
  setTimeout(() => fill($('copy'), t('code.copy')), 1500);
}
