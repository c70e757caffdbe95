// Sends many rows in requests of bounded size, a few at a time, and says for each row what came of it.

import { retrying } from './retry.js';

const REQUEST_ROWS = 16;
const REQUEST_CHARS = 100_000;
const CONCURRENT_REQUESTS = 4;

/**
 * Fills `results[i]` for each row with `{ output }` or `{ error }`. A request that is refused for its inputs is halved until
 * the row at fault stands alone. Rejects if the server cannot be used at all, or when the signal ends it; what is filled by
 * then stays.
 *
 * @param rows each an array of texts, or null for one that is not to be sent
 * @param send turns some rows into as many outputs
 */
export async function scoreAll(rows, results, { send, signal, progress, waiting }) {
  const own = new AbortController();
  const stop = AbortSignal.any([signal, own.signal]);
  const requests = chunks(rows);
  const worker = async () => {
    for (const chunk of requests) {
      stop.throwIfAborted();
      await score(chunk);
    }
  };
  const score = async (indices) => {
    try {
      const outputs = await retrying(() => send(indices.map((i) => rows[i]), stop), { signal: stop, waiting });
      indices.forEach((i, n) => (results[i] = { output: outputs[n] }));
      progress(indices.length);
    } catch (error) {
      if (!error.ofInputs) {
        throw error;
      }
      if (indices.length === 1) {
        results[indices[0]] = { error: error.message };
        progress(1);
        return;
      }
      const middle = indices.length >> 1;
      await score(indices.slice(0, middle));
      await score(indices.slice(middle));
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, worker));
  } catch (error) {
    own.abort(error);
    throw error;
  }
}

/** Indices of rows by request; one iterator that all workers draw from. */
function* chunks(rows) {
  let chunk = [];
  let chars = 0;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === null) {
      continue;
    }
    const length = rows[i].reduce((sum, text) => sum + text.length, 0);
    if (chunk.length === REQUEST_ROWS || (chunk.length > 0 && chars + length > REQUEST_CHARS)) {
      yield chunk;
      chunk = [];
      chars = 0;
    }
    chunk.push(i);
    chars += length;
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}
