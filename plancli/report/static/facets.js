// The filters beside the tasks: each value with the number of tasks that it would select.

const TOP = 10; // values of a filter before “show all”
const FACETS = [
  { name: "plan", title: "Plans", size: plans.length },
  { name: "section", title: "Sections", size: heads.length },
  { name: "role", title: "Role", size: bodies.length },
  { name: "body", title: "Agencies", size: bodies.length },
  { name: "region", title: "Regions", size: regions.length },
];
const ROLE_SAID = { lead: "Lead", participate: "Takes part" };
const opened = new Set(); // filters with all values shown
const looked = new Map(); // text in the search box of a filter

function makeFacets() {
  for (const facet of FACETS) {
    const useful = facet.name === "plan" ? facet.size > 1
      : facet.name === "section" ? heads.some((head) => head.title) : facet.size > 0;
    if (!useful) continue;
    facet.list = el("ul");
    facet.title_ = el("h2");
    facet.all = el("button", { type: "button", class: "quiet", click: () => {
      opened.has(facet.name) ? opened.delete(facet.name) : opened.add(facet.name);
      showFacet(facet);
    } });
    facet.box = el("input", { type: "text", class: "look", autocomplete: "off", spellcheck: "false",
      input: () => { looked.set(facet.name, facet.box.value); showFacet(facet); },
      keydown: (event) => { if (event.key === "Escape" && facet.box.value) lookAway(facet, event); } });
    facet.home = el("section", { class: `facet of-${facet.name}` }, facet.title_, facet.box, facet.list, facet.all);
    byId("facets").append(facet.home);
  }
}

function lookAway(facet, event) {
  event.stopPropagation();
  facet.box.value = "";
  looked.delete(facet.name);
  showFacet(facet);
}

const showFacets = () => FACETS.filter((facet) => facet.home).forEach(showFacet);

function showFacet(facet) {
  const counts = counted[facet.name](state);
  const title = facet.name === "role" && state.body.length ? "Role of the selected agencies" : facet.title;
  facet.title_.textContent = say(title);
  let values = ordered(facet, counts);
  const long = values.length > TOP && !["section", "role"].includes(facet.name);
  const typed = (looked.get(facet.name) ?? "").trim();
  facet.box.hidden = !long && !typed;
  const boxed = say("Find in the list: {name}", { name: say(facet.title) });
  facet.box.setAttribute("aria-label", boxed);
  facet.box.placeholder = boxed;
  if (typed) values = lookedUp(facet, values, typed);
  const all = !long || typed || opened.has(facet.name);
  facet.all.hidden = !long || Boolean(typed);
  facet.all.textContent = opened.has(facet.name) ? say("Show fewer") : say("Show all {n}", { n: values.length });
  facet.all.setAttribute("aria-expanded", String(opened.has(facet.name)));
  const shown = all ? values : values.filter((at, n) => n < TOP || isChosen(facet.name, at));
  renewed(facet.list, shown.flatMap((at, n) => {
    const whose = facet.name === "section" && plans.length > 1 && heads[at].plan !== heads[shown[n - 1]]?.plan;
    return [...(whose ? [el("li", { class: "whose" }, plain(plans[heads[at].plan].title))] : []),
      el("li", {}, choice(facet.name, at, counts.get(at) ?? 0))];
  }));
  if (!values.length) facet.list.append(el("li", { class: "none" }, say("Nothing matches the filters")));
}

function lookedUp(facet, values, typed) {
  if (facet.name === "plan") return values.filter((at) => fold(plans[at].title).includes(fold(typed)));
  const like = new Set(meantBy(typed, [facet.name]).map((each) => each.at));
  return values.filter((at) => like.has(at));
}

const isChosen = (name, at) => (Array.isArray(state[name]) ? state[name].includes(at) : state[name] === at);

// The values to show, selected ones first; sections and roles keep their order.
function ordered(facet, counts) {
  if (facet.name === "role") return ROLES;
  if (facet.name === "section") {
    return heads.map((_head, at) => at).filter((at) => state.plan === null || heads[at].plan === state.plan);
  }
  const values = [...new Set([...counts.keys(), ...[state[facet.name]].flat().filter((at) => at !== null)])];
  const first = (at) => Number(isChosen(facet.name, at));
  return values.sort((one, other) =>
    first(other) - first(one) || (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || one - other);
}

function choice(name, at, n) {
  const said = name === "role" ? say(ROLE_SAID[at]) : label(name, at);
  const pressed = isChosen(name, at);
  const spoken_ = n === 1 ? say("{name}, 1 task", { name: said }) : say("{name}, {n} tasks", { name: said, n });
  const lower = name === "section" && heads[at].of !== null ? "lower" : "";
  return el("button", {
    type: "button", "aria-pressed": String(pressed), "aria-label": spoken_, class: lower,
    disabled: !n && !pressed, "data-key": `${name} ${at}`, "data-count": n,
    click: () => choose(toggled(name, at)),
  }, name === "role" ? el("span", {}, said) : plain(said), el("span", { class: "n" }, n));
}
