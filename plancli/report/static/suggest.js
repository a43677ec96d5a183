// Suggest matching names as filters: a combobox with its list.

const OFFERED = 8;
const box = byId("q");
const list = byId("suggestions");
let offers = [];
let active = -1;

function offer() {
  const typed = box.value;
  const last = wordsOf(typed).at(-1) ?? "";
  let part = typed;
  let found = meantBy(typed);
  if (!found.length && last !== typed) {
    part = last;
    found = meantBy(last);
  }
  const free = found.filter((each) => !isChosen(each.kind, each.at)).slice(0, OFFERED);
  offers = free.map((each) => ({ ...each, part }));
  active = -1;
  list.replaceChildren(...offers.map(option));
  open(offers.length > 0);
  const n = offers.length;
  byId("offered").textContent = n === 0 ? "" : n === 1 ? say("1 suggestion") : say("{n} suggestions", { n });
}

function option(each, n) {
  const kind = { body: "agency", region: "region", section: "section" }[each.kind];
  const how = { [FORMER]: "formerly {name}", [LATER]: "now {name}", [COMPOUND]: "as in {name}" }[each.how];
  return el("li", { role: "option", id: `offer${n}`, "aria-selected": "false",
    pointerdown: (event) => { event.preventDefault(); pick(each); } },
    el("span", { class: "kind" }, say(kind)), plain(label(each.kind, each.at)),
    how ? el("span", { class: "how" }, say(how, { name: each.key })) : null);
}

function open(shown) {
  list.hidden = !shown;
  box.setAttribute("aria-expanded", String(shown));
  if (!shown) point(-1);
}

function point(n) {
  active = n;
  [...list.children].forEach((each, at) => each.setAttribute("aria-selected", String(at === n)));
  if (n < 0) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", `offer${n}`);
  list.children[n].scrollIntoView({ block: "nearest" });
}

// Replace the typed text by the selected name.
function pick(each) {
  const rest = box.value.slice(0, box.value.lastIndexOf(each.part)).trim();
  box.value = rest;
  open(false);
  choose({ ...(isChosen(each.kind, each.at) ? {} : toggled(each.kind, each.at)), q: rest });
}

function keyed(event) {
  const n = offers.length;
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) offer();
    if (!offers.length) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    point(active < 0 && step < 0 ? n - 1 : (active + step + n) % n);
  } else if (event.key === "Enter") {
    if (!list.hidden && active >= 0) pick(offers[active]);
    else open(false);
  } else if (event.key === "Escape") {
    if (!list.hidden) open(false);
    else if (box.value) {
      box.value = "";
      type("");
    }
  }
}

box.addEventListener("input", () => { type(box.value); offer(); });
box.addEventListener("keydown", keyed);
box.addEventListener("blur", () => open(false));
