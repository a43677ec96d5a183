// The network: a line from every lead agency of a task to each participant.

const MOST = 80; // agencies in the chart
let keeping = null; // the agency with the keyboard focus

// The lines of the matching tasks, and the number of tasks without: no lead, or no participants.
function linesOf(found) {
  const lines = new Map();
  const joining = new Set();
  for (const task of found) {
    for (const lead of task.parts.lead) {
      for (const other of task.parts.participate) {
        if (lead === other) continue;
        joining.add(task);
        const key = `${lead} ${other}`;
        if (!lines.has(key)) lines.set(key, { lead, other, tasks: [] });
        lines.get(key).tasks.push(task);
      }
    }
  }
  const alone = found.length - joining.size;
  return { lines: [...lines.values()].sort((one, two) => two.tasks.length - one.tasks.length), alone };
}

// The agencies of the matching tasks in their order on the circle: kinds and agencies in the order
// of the registry; if there are too many, those with the most lines.
function standing(found, load) {
  const all = [...new Set(found.flatMap((task) => named(task, "")))].sort((one, other) => one - other);
  const kinds = [...new Set(all.map((body) => bodies[body].kind))];
  const lines = (body) => load.get(body) ?? 0;
  const nodes = [...all].sort((one, other) => lines(other) - lines(one)).slice(0, MOST).sort((one, other) =>
    kinds.indexOf(bodies[one].kind) - kinds.indexOf(bodies[other].kind) || one - other);
  return { all: all.length, nodes };
}

function showNetwork(found) {
  const home = byId("network");
  const { lines, alone } = linesOf(found);
  const load = new Map();
  for (const { lead, other, tasks: shared } of lines) {
    for (const body of [lead, other]) load.set(body, (load.get(body) ?? 0) + shared.length);
  }
  const { all, nodes } = standing(found, load);
  keeping = null;
  const told = [];
  if (lines.length) told.push(say("Lines run from the lead agency (thick end) to a participant (thin end); thicker lines mean more tasks."));
  else told.push(say("No lines: no task in the results has both a lead agency and participants."));
  if (lines.length && alone) {
    told.push(alone === 1 ? say("1 more task has no edge: no lead agency, or no participants.")
      : say("{n} more tasks have no edge: no lead agency, or no participants.", { n: alone }));
  }
  if (lines.length && all > MOST) {
    told.push(say("The chart shows the {n} agencies with the most lines, of {all}; the table has all lines.", { n: MOST, all }));
  }
  home.replaceChildren(el("p", { class: "legend", "data-alone": alone }, told.join(gap())));
  if (!lines.length) return;
  const seen = new Set(nodes);
  const shown = lines.filter(({ lead, other }) => seen.has(lead) && seen.has(other));
  const side = el("div", { class: "side", "aria-live": "polite" });
  const picture = drawNetwork(nodes, shown, side);
  home.append(
    el("div", { class: "scroll wheel", tabindex: "-1" }, picture), side, networkTable(lines));
  look(picture, side, shown, null);
  const wheel = picture.parentNode;
  wheel.scrollLeft = (wheel.scrollWidth - wheel.clientWidth) / 2;
}

function drawNetwork(nodes, lines, side) {
  const { radius, placed } = circle(nodes);
  const frame = framed(placed, radius);
  const where = new Map(placed.map((each) => [each.body, each]));
  const arcs = [...lines].reverse().map(({ lead, other, tasks: shared }) => drawn("path", {
    class: "arc", d: taper(where.get(lead), where.get(other), shared.length, radius), "data-lead": lead, "data-other": other,
    "data-n": shared.length,
  }, drawn("title", {}, `${bodies[lead].name} → ${bodies[other].name} ${shared.length}`)));
  const svg = drawn("svg", { viewBox: frame.join(" "), width: frame[2], height: frame[3], role: "group",
    "aria-label": say("Lead agencies and participants") });
  const go = (body) => look(svg, side, lines, body);
  const joins = new Set(lines.flatMap(({ lead, other }) => [lead, other]));
  const points = placed.map((each, n) => drawn("g", {
    class: joins.has(each.body) ? "node" : "node lone", tabindex: n ? -1 : 0, role: "button", "data-body": each.body, "aria-label": nodeSaid(each.body, lines),
    focus: () => { keeping = each.body; go(each.body); },
    blur: () => { keeping = null; go(null); },
    pointerenter: () => go(each.body), pointerleave: () => go(keeping),
    click: () => choose({ body: [...new Set([...state.body, each.body])], view: "tasks" }),
    keydown: (event) => along(event, points, n, each.body),
  }, drawn("circle", { cx: each.x.toFixed(1), cy: each.y.toFixed(1), r: 3.5 }), radial(each, radius)));
  svg.append(drawn("g", {}, ...arcs), drawn("g", { lang: "zh-CN" }, ...points));
  return svg;
}

function nodeSaid(body, lines) {
  const n = (end) => lines.filter((line) => line[end] === body).length;
  return say("{name}: leads {lead} agencies, takes part under {participate}",
    { name: bodies[body].name, lead: n("lead"), participate: n("other") });
}

// Arrow keys go around the circle; Enter and the space bar choose.
function along(event, points, n, body) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const next = points[(n + step + points.length) % points.length];
    points[n].setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose({ body: [...new Set([...state.body, body])], view: "tasks" });
  }
}

// Highlight the lines of an agency and list them beside the chart; without one, highlight none.
function look(svg, side, lines, body) {
  svg.classList.toggle("looking", body !== null);
  const near = new Set([body]);
  for (const arc of svg.querySelectorAll(".arc")) {
    const [lead, other] = [Number(arc.dataset.lead), Number(arc.dataset.other)];
    arc.classList.toggle("out", lead === body);
    arc.classList.toggle("in", other === body);
    if (lead === body) near.add(other);
    if (other === body) near.add(lead);
  }
  for (const node of svg.querySelectorAll(".node")) {
    node.classList.toggle("near", near.has(Number(node.dataset.body)));
    node.classList.toggle("self", Number(node.dataset.body) === body);
  }
  if (body === null) {
    side.replaceChildren(el("p", {}, say("Point at an agency, or select it with the keyboard, to see its lines."),
      gap(), say("Tab enters the circle, arrow keys move along it, Enter selects an agency.")));
    return;
  }
  const said = [...told(body, lines, "lead", "other", "{name} leads"),
    ...told(body, lines, "other", "lead", "{name} takes part under")];
  side.replaceChildren(...(said.length ? said
    : [el("p", {}, ...around("{name} has no line here.", "name", [plain(bodies[body].name)]))]));
}

function told(body, lines, end, far, english) {
  const own = lines.filter((line) => line[end] === body);
  if (!own.length) return [];
  return [el("h2", { class: end }, ...around(english, "name", [plain(bodies[body].name)])),
    el("p", {}, ...own.map((line, n) => el("span", { class: "line" }, plain(bodies[line[far]].name),
      ` ${line.tasks.length}${n < own.length - 1 ? "、" : ""}`)).flatMap((each) => [each, el("wbr")]))];
}

function networkTable(lines) {
  const numbers_ = (line) => joined(line.tasks.map((task) =>
    el("a", { href: address({ ...NOTHING, task: task.n }) }, plain(task.node.dataset.no))), "、");
  return el("details", { class: "table" }, el("summary", {}, say("As a table")),
    el("table", {},
      el("thead", {}, el("tr", {}, ...["Lead", "Takes part", "Number", "Tasks"].map((each) =>
        el("th", { scope: "col" }, say(each))))),
      el("tbody", {}, ...lines.map((line) => el("tr", {},
        el("td", {}, plain(bodies[line.lead].name)), el("td", {}, plain(bodies[line.other].name)),
        el("td", { class: "n" }, line.tasks.length), el("td", {}, ...numbers_(line)))))));
}
