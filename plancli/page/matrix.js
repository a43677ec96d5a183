// Bodies by sections: how many tasks of the section a body leads, has a part in, may be meant in.

const SIGNS = { lead: "●", participate: "○", may: "△" };

// body -> head -> {lead, participate, may}; the sums of a body stand under -1, of a head under body -1.
function tallied(found) {
  const sums = new Map();
  const add = (body, head, what) => {
    for (const one of [body, -1]) {
      if (!sums.has(one)) sums.set(one, new Map());
      for (const other of [head, -1]) {
        const row = sums.get(one);
        if (!row.has(other)) row.set(other, { lead: 0, participate: 0, may: 0 });
        row.get(other)[what]++;
      }
    }
  };
  for (const task of found) {
    for (const role of ROLES.filter((each) => !state.role || each === state.role)) {
      for (const body of task.parts[role]) add(body, task.head, role);
    }
    for (const body of possible(task, state.role).keys()) add(body, task.head, "may");
  }
  return sums;
}

function showMatrix(found) {
  const sums = tallied(found);
  const all = sums.get(-1);
  const home = byId("matrix");
  if (!all) return home.replaceChildren(el("p", {}, say("There are no duties to show.")));
  const columns = heads.map((_head, at) => at).filter((at) => all.has(at));
  const total = (body) => sums.get(body).get(-1);
  const rows = [...sums.keys()].filter((body) => body >= 0).sort((one, other) =>
    total(other).lead - total(one).lead || total(other).participate - total(one).participate || one - other);
  const isNamed_ = (body) => total(body).lead + total(body).participate > 0;
  const line = (body) => matrixRow(body, columns, sums.get(body));
  const rest = rows.filter((body) => !isNamed_(body));
  renewed(home, [
    el("p", { class: "legend" }, ...["● leads", "○ takes part", "△ may be included by a collective phrase",
      "The numbers count tasks. A cell opens its tasks."].map((each) => el("span", {}, say(each)))),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Duties by body and section") },
      el("table", {},
        el("caption", { class: "vh" }, say("Duties by body and section")),
        el("thead", {}, ...matrixHead(columns)),
        el("tbody", {}, ...rows.filter(isNamed_).map(line)),
        rest.length ? el("tbody", {}, el("tr", { class: "rest" },
          el("th", { scope: "rowgroup", colspan: columns.length + 2 }, el("span", {}, say("Only through collective phrases")))),
          ...rest.map(line)) : null,
        el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, say("All")),
          ...[...columns, -1].map((at) => el("td", { "data-sum": at }, signs(all.get(at)))))))),
  ]);
  const first = home.querySelector("thead th:not([rowspan])");
  home.style.setProperty("--first", `${first ? first.offsetHeight : 0}px`);
}

function matrixHead(columns) {
  const lists = [...new Set(columns.map((at) => heads[at].of ?? at))];
  const spanned = (list) => columns.filter((at) => (heads[at].of ?? at) === list);
  const deep = columns.some((at) => heads[at].of !== null);
  const pressed = (at) => el("button", { type: "button", "data-key": `head ${at}`,
    click: () => choose({ section: at, view: "tasks" }) }, ...stacked(at));
  const first = el("tr", {}, el("th", { scope: "col", rowspan: deep && 2, class: "body" }, say("Body")),
    ...lists.map((list) => {
      const own = spanned(list);
      const lone = own.length === 1 && own[0] === list;
      return el("th", { scope: lone ? "col" : "colgroup", colspan: own.length, rowspan: lone && deep && 2 }, pressed(list));
    }),
    el("th", { scope: "col", rowspan: deep && 2 }, say("All")));
  if (!deep) return [first];
  const lower = lists.flatMap(spanned).filter((at) => heads[at].of !== null || spanned(at).length > 1);
  return [first, el("tr", {}, ...lower.map((at) =>
    el("th", { scope: "col" }, heads[at].of === null ? "—" : pressed(at))))];
}

function matrixRow(body, columns, cells) {
  const name = bodies[body].name;
  const open_ = (change) => () => {
    const body_ = state.body.includes(body) ? state.body : [...state.body, body];
    choose({ body: body_, view: "tasks", ...change });
  };
  const cell = (at) => {
    const sum = cells.get(at);
    if (!sum) return el("td");
    const said = say("{body}, {head}: leads {lead}, takes part in {participate}, may be included in {may}",
      { body: name, head: at < 0 ? say("All") : heading(at), ...sum });
    return el("td", {}, el("button", { type: "button", "aria-label": said, "data-key": `cell ${body} ${at}`,
      click: open_(at < 0 ? {} : { section: at }) }, signs(sum)));
  };
  return el("tr", { "data-body": name },
    el("th", { scope: "row" }, el("button", { type: "button", "data-key": `row ${body}`, click: open_({}) }, plain(name))),
    ...columns.map(cell), cell(-1));
}

// A heading; a section's with its number above it.
function stacked(at) {
  const { no, title, of } = heads[at];
  return of !== null && no && title ? [plain(`（${no}）`), el("br"), plain(title)] : [plain(heading(at) || "—")];
}

const signs = (sum) => Object.keys(SIGNS).filter((what) => sum[what]).map((what) =>
  el("span", { class: what, "data-what": what, "data-n": sum[what] }, SIGNS[what] + sum[what]));
