// What went wrong, in the words of the page.

import { t } from './i18n.js';
import { ApiError } from './api.js';
import { FileError } from './table.js';

/** One sentence for a person. */
export function reasonOf(error) {
  if (error instanceof FileError) {
    return t(error.key, error.values);
  }
  if (!(error instanceof ApiError)) {
    return t('error.page', { reason: error.message });
  }
  if (error.status === 0) {
    return t('error.away');
  }
  if (error.status === 401 || error.status === 403) {
    return t('error.key');
  }
  return t('error.server', { status: error.status, reason: error.message });
}
