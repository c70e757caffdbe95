// Runs before the page is drawn, so that a chosen theme never flashes in the other one.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('parlance.theme');
  } catch {
    // Storage may be switched off; then the system's theme holds.
  }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
