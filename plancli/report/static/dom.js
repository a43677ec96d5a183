// Create elements.  Text is never parsed as markup.

const byId = (id) => document.getElementById(id);

function filled(made, given, inside) {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((each) => each !== null));
  return made;
}

const el = (tag, given = {}, ...inside) => filled(document.createElement(tag), given, inside);

const drawn = (tag, given = {}, ...inside) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), given, inside);

// A name from the plan: Chinese, and isolated, so that bidirectional marks have no effect outside.
const plain = (text) => el("bdi", { lang: "zh-CN" }, text);

const joined = (parts, between) => parts.flatMap((each, n) => (n ? [between, each] : [each]));

// Replace the children of `home`; the focus is restored by data-key.
function renewed(home, children) {
  const key = home.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  home.replaceChildren(...children);
  if (key) {
    const same = [...home.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    if (same) same.focus({ preventScroll: true });
  }
}
