// Files of rows: CSV, TSV, JSON Lines and plain lines to cells, and cells to CSV.

/** More than this is a task for the command line. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** A file that cannot be read; `key` and `values` say why in the words of i18n. */
export class FileError extends Error {
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

/**
 * The text of a file: UTF-8, UTF-16 by its mark, else GB18030, as spreadsheets save it in China.
 *
 * @returns {Promise<{text: string, encoding: string}>}
 */
export async function readText(file) {
  if (file.size > MAX_FILE_BYTES) {
    throw new FileError('file.tooLarge', { size: Math.ceil(file.size / 2 ** 20), max: MAX_FILE_BYTES / 2 ** 20 });
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  }
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) {
        return { text, encoding: encoding.toUpperCase() };
      }
    } catch {
      // Not this one.
    }
  }
  throw new FileError('file.notText');
}

/**
 * The rows of a file, by its name: .jsonl and .ndjson hold an object a line, .txt a text a line, all others fields. Each
 * row has its line and cells; one that cannot be read has an error instead of cells.
 */
export function parse(name, text, header = true) {
  if (/\.(jsonl|ndjson|json)$/i.test(name)) {
    return parseJsonLines(text);
  }
  if (/\.txt$/i.test(name)) {
    return { columns: ['text'], rows: parseLines(text), hasHeader: null };
  }
  return parseFields(text, /\.tsv$/i.test(name) ? '\t' : separator(text), header);
}

function parseLines(text) {
  return text.split(/\r\n?|\n/).map((line, i) => ({ line: i + 1, cells: [line] })).filter((row) => row.cells[0].trim() !== '');
}

function parseJsonLines(text) {
  const columns = new Map();
  const parsed = [];
  for (const { line, cells } of parseLines(text)) {
    let value = null;
    try {
      value = JSON.parse(cells[0]);
    } catch {
      // Told below, with its line.
    }
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    parsed.push({ line, value: isObject ? value : null });
    for (const column of isObject ? Object.keys(value) : []) {
      if (!columns.has(column)) {
        columns.set(column, columns.size);
      }
    }
  }
  const names = [...columns.keys()];
  const cell = (value) => (typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value));
  const rows = parsed.map(({ line, value }) =>
    value === null
      ? { line, cells: names.map(() => ''), error: { key: 'row.notObject' } }
      : { line, cells: names.map((column) => cell(Object.hasOwn(value, column) ? value[column] : '')) });
  return checked({ columns: names, rows, hasHeader: null });
}

/** The one of the usual separators that the first line has most of. */
function separator(text) {
  const first = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
  const count = (mark) => first.split(mark).length - 1;
  return [',', '\t', ';', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

function parseFields(text, mark, header) {
  const records = [...fields(text, mark)];
  if (records.length === 0) {
    throw new FileError('file.empty');
  }
  const width = records[0].cells.length;
  const columns = header
    ? unique(records.shift().cells.map((name, i) => name.trim() || String(i + 1)))
    : Array.from({ length: width }, (_, i) => String(i + 1));
  const rows = records.map((row) =>
    row.cells.length === width ? row : { ...row, cells: columns.map((_, i) => row.cells[i] ?? ''), error: { key: 'row.fields', values: { found: row.cells.length, expected: width } } });
  return checked({ columns, rows, hasHeader: header });
}

function checked(table) {
  if (table.rows.length === 0 || table.columns.length === 0) {
    throw new FileError('file.empty');
  }
  return table;
}

/** The records of RFC 4180, with the line at which each begins. Blank lines are none. */
function* fields(text, mark) {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const record = { line, cells: [] };
    for (let more = true; more; ) {
      let cell = '';
      if (text[at] === '"') {
        const end = quoteEnd(text, at);
        cell = text.slice(at + 1, end).replaceAll('""', '"');
        line += cell.split('\n').length - 1;
        at = Math.min(end + 1, text.length);
      }
      let end = at;
      while (end < text.length && text[end] !== mark && text[end] !== '\n' && text[end] !== '\r') {
        end++;
      }
      record.cells.push(cell + text.slice(at, end));
      more = text[end] === mark;
      at = more ? end + 1 : end;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    line++;
    if (record.cells.length > 1 || record.cells[0].trim() !== '') {
      yield record;
    }
  }
}

/** Where the quote that opens at a place closes; the end of the text if it does not. */
function quoteEnd(text, from) {
  for (let at = from + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) {
      return text.length;
    }
    if (text[at + 1] !== '"') {
      return at;
    }
  }
}

/** The names, of which those that were there before get a number. */
export function unique(names) {
  const taken = new Set();
  return names.map((name) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) {
      free = `${name}_${n}`;
    }
    taken.add(free);
    return free;
  });
}

/** CSV as RFC 4180 has it; with a mark in front if it is not ASCII, without which spreadsheets take it for another encoding. */
export function toCsv(columns, rows) {
  const quoted = (cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const csv = [columns, ...rows].map((cells) => cells.map((cell) => quoted(String(cell))).join(',')).join('\r\n') + '\r\n';
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(csv) ? csv : `\ufeff${csv}`;
}
