// The texts of the page that are shown with less contrast than WCAG 2.2 AA asks for (4.5 to 1).
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const rgba = (color) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])).concat(1);
const ground = (node) =>
  node === null ? [255, 255, 255, 1] : over(rgba(getComputedStyle(node).backgroundColor), ground(node.parentElement));
const luminance = (color) => {
  const [r, g, b] = color.slice(0, 3).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};
const poor = [];
for (const node of document.querySelectorAll('body *')) {
  const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim() !== '');
  if (own && node.checkVisibility() && !node.closest('.hidden, .skip')) {
    const behind = ground(node);
    const found = ratio(over(rgba(getComputedStyle(node).color), behind), behind);
    if (found < 4.5) {
      poor.push(`${node.tagName}.${node.className} "${node.textContent.slice(0, 30)}" ${found.toFixed(2)}`);
    }
  }
}
return poor;
