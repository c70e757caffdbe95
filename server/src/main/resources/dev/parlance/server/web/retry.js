// Trying again when the server is busy, as long and as late as it asks for.

const FIRST_WAIT_MILLIS = 500;
const MAX_WAIT_MILLIS = 60_000;
const TRIES_WITHOUT_SERVER = 5;

/** Waits; rejects at once when the signal says so. */
export function sleep(millis, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, millis);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * The result of an attempt that may be repeated. A server that is full (429) is asked until it answers or the signal ends
 * it; one that does not answer, or that says it is not ready, a few times.
 */
export async function retrying(attempt, { signal, waiting = () => {} } = {}) {
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      failures++;
      if (!error.busy && !(error.away && failures < TRIES_WITHOUT_SERVER)) {
        throw error;
      }
      const asked = error.retryAfterMillis ?? FIRST_WAIT_MILLIS * 2 ** Math.min(failures - 1, 7);
      // A little later for each, so that requests that were refused together do not come back together.
      const millis = Math.min(MAX_WAIT_MILLIS, asked * (1 + Math.random() / 4));
      waiting({ millis, busy: error.busy });
      await sleep(millis, signal);
    }
  }
}
