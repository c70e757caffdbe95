// All that the page asks of the server, and the only module that knows its JSON.

const KEY = 'parlance.key';

/** An answer other than 2xx, or none at all (status 0). */
export class ApiError extends Error {
  constructor(status, message, retryAfterMillis) {
    super(message);
    this.status = status;
    this.retryAfterMillis = retryAfterMillis;
    /** The queue is full or a rate limit is reached: the same request will do later. */
    this.busy = status === 429;
    /** Nobody answers, or not yet. */
    this.away = status === 0 || status === 502 || status === 503;
    /** The texts of the request are at fault, not the request as such. */
    this.ofInputs = status === 400 || status === 413 || status === 422 || status === 424;
  }
}

/** Where a route is, also behind a proxy that serves the page below a path. */
export const endpoint = (path) => new URL(path, document.baseURI);

/** The path of a route for a model. */
export const forModel = (route, model) => `${route}?model=${encodeURIComponent(model)}`;

/** Whether a key was entered. */
export const hasKey = () => key() !== null;

/** Keeps a key for this tab, or forgets it if it is empty. */
export function setKey(value) {
  if (value === '') {
    sessionStorage.removeItem(KEY);
  } else {
    sessionStorage.setItem(KEY, value);
  }
}

function key() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let askForKey = async () => false;
let asking = null;

/** Sets what asks the user for a key; it resolves to whether one was entered. */
export function onUnauthorized(ask) {
  askForKey = ask;
}

async function call(method, path, body, signal) {
  for (;;) {
    const used = key();
    const response = await send(method, path, body, used, signal);
    if (response.ok) {
      return response.json();
    }
    if (response.status === 401 && (key() !== used || (await askOnce(used !== null)))) {
      continue;
    }
    throw new ApiError(response.status, await reason(response), retryAfter(response));
  }
}

/** Requests that are refused together ask once. */
function askOnce(wrong) {
  asking ??= askForKey(wrong).finally(() => (asking = null));
  return asking;
}

async function send(method, path, body, secret, signal) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (secret !== null) {
    headers.Authorization = `Bearer ${secret}`;
  }
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return await fetch(endpoint(path), { method, headers, body: text, signal, cache: 'no-store' });
  } catch (error) {
    if (signal?.aborted) {
      throw signal.reason;
    }
    throw new ApiError(0, error.message);
  }
}

async function reason(response) {
  try {
    const { error } = await response.json();
    return typeof error === 'string' ? error : (error?.message ?? response.statusText);
  } catch {
    return response.statusText;
  }
}

/** Seconds or a date, as RFC 9110 has it; undefined if there is none. */
function retryAfter(response) {
  const value = response.headers.get('Retry-After');
  if (value === null) {
    return undefined;
  }
  const millis = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined;
}

/** The models: name, task ('text-classification' or 'feature-extraction'), labels and facts; the default one first. */
export async function models(signal) {
  const answer = await call('GET', 'api/models', undefined, signal);
  return answer.models.map((model) => {
    const version = model.traffic?.default_version;
    const facts = model.versions?.find((one) => one.version === version) ?? {};
    return {
      name: model.name,
      version,
      task: model.task,
      labels: model.labels,
      modelType: facts.model_type,
      maxLength: model.max_length,
      dimensions: model.dimensions,
      precision: facts.precision,
      loaded: facts.loaded,
      card: model.card ?? '',
    };
  });
}

/**
 * What a model has done so far, of all its versions, and how it does now. Names that end in Total only grow; times are in
 * milliseconds, null as long as there are none. Refusals are those of the whole server.
 */
export async function stats(name, signal) {
  const answer = await call('GET', 'api/stats', undefined, signal);
  const versions = answer.models.filter((model) => model.name === name);
  const sum = (key) => versions.reduce((total, version) => total + version[key], 0);
  const quantile = (key) => {
    const busy = versions.filter((version) => version.requests_total > 0).map((version) => version.latency_seconds[key]);
    return busy.length === 0 ? null : Math.max(...busy) * 1000;
  };
  return {
    requestsTotal: sum('requests_total'),
    refusedTotal: Object.values(answer.refused_total).reduce((total, value) => total + value, 0),
    tokensTotal: sum('tokens_total'),
    paddingTotal: sum('padding_total'),
    batchesTotal: sum('batches_total'),
    inputsTotal: sum('inputs_total'),
    queueInputs: sum('queue_inputs'),
    p50: quantile('p50'),
    p90: quantile('p90'),
    p99: quantile('p99'),
    maxBatchTokens: answer.limits.max_batch_tokens,
  };
}

/** The request that classifies inputs, each an array of a text or of two. */
export const predictBody = (inputs, truncate) => ({ inputs, truncate });

/** Labels with scores for each input, best first. */
export async function predict(model, inputs, truncate, signal) {
  const rows = await call('POST', forModel('predict', model), predictBody(inputs, truncate), signal);
  return rows.map((labels) => [...labels].sort((a, b) => b.score - a.score));
}

/** The request that turns texts into vectors of length 1. */
export const embedBody = (texts, truncate) => ({ inputs: texts, normalize: true, truncate });

/** A vector for each text. */
export const embed = (model, texts, truncate, signal) =>
  call('POST', forModel('embed', model), embedBody(texts, truncate), signal);
