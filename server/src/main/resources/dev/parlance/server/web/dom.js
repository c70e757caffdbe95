// Building elements. Strings become text nodes: nothing that comes from a model, a file or a user is ever parsed as HTML.

/** The element with an id. */
export const $ = (id) => document.getElementById(id);

/**
 * An element with attributes and children. `onclick: f` listens; `class`, `text` and attributes do what they say;
 * null, undefined and false leave an attribute or a child out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'text') {
      node.textContent = value;
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Replaces what a node holds. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/** Says something to screen readers without showing it. */
export function announce(text) {
  $('announcer').textContent = text;
}

/** Makes a row of buttons tabs: arrow keys, Home and End move, and the panel that a tab controls is the one shown. */
export function tabs(list, chosen) {
  const buttons = [...list.querySelectorAll('[role=tab]')];
  const choose = (button, focus) => {
    for (const other of buttons) {
      const on = other === button;
      other.setAttribute('aria-selected', String(on));
      other.tabIndex = on ? 0 : -1;
      const panel = $(other.getAttribute('aria-controls'));
      if (buttons.every((b) => b === other || b.getAttribute('aria-controls') !== panel.id)) {
        panel.hidden = !on;
      } else if (on) {
        panel.setAttribute('aria-labelledby', other.id);
      }
    }
    if (focus) {
      button.focus();
    }
    chosen(button.id);
  };
  const moves = { ArrowRight: 1, ArrowLeft: -1 };
  list.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(event.target);
    let next = at;
    if (event.key in moves) {
      next = (at + moves[event.key] + buttons.length) % buttons.length;
    } else if (event.key === 'Home') {
      next = 0;
    } else if (event.key === 'End') {
      next = buttons.length - 1;
    } else {
      return;
    }
    event.preventDefault();
    choose(buttons[next], true);
  });
  for (const button of buttons) {
    button.addEventListener('click', () => choose(button, false));
  }
  return (id) => choose(buttons.find((button) => button.id === id) ?? buttons[0], false);
}
