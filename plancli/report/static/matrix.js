// Agencies by sections: numbers of tasks that an agency leads, takes part in, may be included in.

const SIGNS = { lead: "●", participate: "○", may: "△" };

// agency -> section -> {lead, participate, may}; an agency's totals have key -1.
function tallied(found) {
  const sums = new Map();
  const add = (body, head, what) => {
    if (!sums.has(body)) sums.set(body, new Map());
    const row = sums.get(body);
    for (const each of [head, -1]) {
      if (!row.has(each)) row.set(each, { lead: 0, participate: 0, may: 0 });
      row.get(each)[what]++;
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
  const home = byId("matrix");
  if (!sums.size) return home.replaceChildren(el("p", {}, say("No duties to show.")));
  const held = new Map();
  for (const task of found) more(held, task.head);
  const columns = heads.map((_head, at) => at).filter((at) => held.has(at));
  const total = (body) => sums.get(body).get(-1);
  const rows = [...sums.keys()].sort((one, other) =>
    Object.keys(SIGNS).map((what) => total(other)[what] - total(one)[what]).find(Boolean) ?? one - other);
  const isNamed_ = (body) => total(body).lead + total(body).participate > 0;
  const line = (body) => matrixRow(body, columns, sums.get(body));
  const rest = rows.filter((body) => !isNamed_(body));
  renewed(home, [
    el("p", { class: "legend" }, ...["● leads", "○ takes part", "△ may be included in a collective agency",
      "Numbers of tasks. Select a cell to list its tasks."].map((each) => el("span", {}, say(each)))),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("Duties by agency and section") },
      el("table", {},
        el("caption", { class: "vh" }, say("Duties by agency and section")),
        el("thead", {}, ...matrixHead(columns)),
        el("tbody", {}, ...rows.filter(isNamed_).map(line)),
        rest.length ? el("tbody", {}, el("tr", { class: "rest" },
          el("th", { scope: "rowgroup", colspan: columns.length + 2 }, el("span", {}, say("Only through collective agencies")))),
          ...rest.map(line)) : null,
        el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, say("Number of tasks")),
          ...[...columns.map((at) => held.get(at)), found.length].map((n) => el("td", {}, n)))))),
  ]);
  let above = 0;
  for (const row of home.querySelectorAll("thead tr")) {
    row.style.setProperty("--above", `${above}px`);
    above += Math.min(...[...row.cells].filter((cell) => cell.rowSpan === 1).map((cell) => cell.offsetHeight));
  }
}

// The column headers: plans (if several), lists, and their sections.
function matrixHead(columns) {
  const lists = [...new Set(columns.map((at) => heads[at].of ?? at))];
  const spanned = (list) => columns.filter((at) => (heads[at].of ?? at) === list);
  const deep = columns.some((at) => heads[at].of !== null);
  const pressed = (at) => el("button", { type: "button", "data-key": `head ${at}`,
    click: () => choose({ section: at, view: "tasks" }) }, ...stacked(at));
  const owners = [...new Set(columns.map((at) => heads[at].plan))];
  const several = plans.length > 1;
  const rows = 1 + Number(deep) + Number(several);
  const left = el("th", { scope: "col", rowspan: rows, class: "body" }, say("Agency"));
  const right = el("th", { scope: "col", rowspan: rows }, say("All"));
  const whose = el("tr", {}, left, ...owners.map((plan) =>
    el("th", { scope: "colgroup", class: "whose", colspan: columns.filter((at) => heads[at].plan === plan).length },
      plain(plans[plan].title))), right);
  const upper = lists.map((list) => {
    const own = spanned(list);
    const lone = own.length === 1 && own[0] === list;
    return el("th", { scope: lone ? "col" : "colgroup", colspan: own.length, rowspan: lone && deep && 2 }, pressed(list));
    });
  const above = several ? [whose, el("tr", {}, ...upper)] : [el("tr", {}, left, ...upper, right)];
  if (!deep) return above;
  const lower = lists.flatMap(spanned).filter((at) => heads[at].of !== null || spanned(at).length > 1);
  return [...above, el("tr", {}, ...lower.map((at) =>
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
      { body: name, head: at < 0 ? say("All") : owned(at), ...sum });
    return el("td", {}, el("button", { type: "button", "aria-label": said, "data-key": `cell ${body} ${at}`,
      click: open_(at < 0 ? {} : { section: at }) }, signs(sum)));
  };
  return el("tr", { "data-body": name },
    el("th", { scope: "row" }, el("button", { type: "button", "data-key": `row ${body}`, click: open_({}) }, plain(name))),
    ...columns.map(cell), cell(-1));
}

// A section's label, with its plan if there are several.
const owned = (at) => (plans.length > 1 ? `${plans[heads[at].plan].title} ` : "") + heading(at);

// A column header; a section's number is above its title.
function stacked(at) {
  const { no, title, of } = heads[at];
  return of !== null && no && title ? [plain(`（${no}）`), el("br"), plain(title)] : [plain(heading(at) || "—")];
}

const signs = (sum) => Object.keys(SIGNS).filter((what) => sum[what]).map((what) =>
  el("span", { class: what, "data-what": what, "data-n": sum[what] }, SIGNS[what] + sum[what]));
