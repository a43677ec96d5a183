// The tasks: matching ones are shown, with matches marked and the reason for each.

const AT_ONCE = 60; // tasks marked before the first paint; the others follow
let markedTasks = [];
let marking = 0;

function merged(spans) {
  const whole = [];
  for (const [start, end] of spans.sort((one, other) => one[0] - other[0])) {
    const last = whole.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else whole.push([start, end]);
  }
  return whole;
}

function withMarks(text, words) {
  const parts = [];
  let at = 0;
  for (const [start, end] of merged(words.flatMap((each) => [...each.places(text)]))) {
    parts.push(text.slice(at, start), el("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)].filter((each) => each !== "");
}

function unmark() {
  cancelAnimationFrame(marking);
  for (const task of markedTasks) task.words.textContent = task.text;
  markedTasks = [];
}

function mark(some, words) {
  for (const task of some.slice(0, AT_ONCE)) task.words.replaceChildren(...withMarks(task.text, words));
  markedTasks.push(...some.slice(0, AT_ONCE));
  const rest = some.slice(AT_ONCE);
  if (rest.length) marking = requestAnimationFrame(() => mark(rest, words));
}

// Why the task matches a region: the grade, and the paths from its words.
function reason(task, region) {
  const { grade, ways } = task.places.get(region);
  const said = joined(ways.map((way) => plain(known.ways[way])), "；");
  return el("p", { class: "why", "data-grade": grade },
    el("b", {}, say("Reason") + colon()), plain(regions[region].name), " · ",
    say(GRADES[grade]), " · ", ...said);
}

function explain(shown) {
  for (const old of byId("tasks").querySelectorAll(".why")) old.remove();
  for (const old of byId("tasks").querySelectorAll("a.own")) old.classList.remove("own");
  const chosen = new Set([
    ...state.body.map((at) => address({ ...NOTHING, body: [at] })),
    ...state.region.map((at) => address({ ...NOTHING, region: [at] })),
  ]);
  for (const task of shown) {
    task.node.append(...state.region.filter((at) => task.places.has(at)).map((at) => reason(task, at)));
    if (chosen.size) for (const link of task.node.querySelectorAll("dd a")) {
      link.classList.toggle("own", chosen.has(`#${new URLSearchParams(link.hash.slice(1))}`));
    }
  }
}

function showTasks(shown) {
  const showing = new Set(shown);
  for (const task of tasks) task.node.hidden = !showing.has(task);
  const live = new Set(shown.flatMap((task) => [task.head, heads[task.head].of]));
  const all = shown.length === tasks.length;
  for (const part of byId("tasks").querySelectorAll("[data-head]")) {
    part.hidden = !all && !live.has(Number(part.dataset.head));
  }
  for (const frame of byId("tasks").querySelectorAll(".frame")) frame.hidden = !all;
  const ofPlans = new Set(shown.map((task) => String(task.plan)));
  for (const title of byId("tasks").querySelectorAll("[data-plan]")) {
    title.hidden = !ofPlans.has(title.dataset.plan);
  }
  unmark();
  const words = wordsOf(state.q).map(word);
  if (words.length) mark(shown, words);
  explain(shown);
}

// Listed separately: tasks with a collective agency that may include a selected agency.
function showMaybe() {
  const lists = state.task === null ? state.body.map(maybeList).filter(Boolean) : [];
  byId("maybe").replaceChildren(...lists);
}

function maybeList(body) {
  const found = maybe(state, body);
  if (!found.length) return null;
  const words = wordsOf(state.q).map(word);
  const rows = found.map(({ task, phrases }) => {
    const said = joined(phrases.map((each) => plain(bodies[each].name)), "、");
    return el("li", { "data-key": task.key },
      el("a", { href: address({ ...NOTHING, task: task.n }) }, plain(task.node.dataset.no)),
      el("p", { class: "text", lang: "zh-CN" }, ...withMarks(task.text, words)),
      el("p", { class: "through" }, ...around("through {phrase}", "phrase", said)));
  });
  return el("section", { class: "may", "data-body": bodies[body].name },
    el("h2", {}, ...around("{n} more tasks may concern {name}", "name", [plain(bodies[body].name)], { n: found.length })),
    el("p", {}, say("These tasks do not name it, but a collective agency that may include it.")),
    el("ul", {}, ...rows));
}

// A message with nodes for one of its placeholders.
function around(english, name, nodes, holes = {}) {
  const [before, after] = say(english, { ...holes, [name]: "\u0000" }).split("\u0000");
  return [before, ...nodes, after];
}

function showNeighbours() {
  const home = byId("neighbours");
  home.hidden = state.task === null;
  if (home.hidden) return home.replaceChildren();
  const beside = (n, english) => tasks[n] ? el("a", { href: address({ ...state, task: n }), "data-key": english },
    el("span", {}, say(english)), " ", plain(tasks[n].node.dataset.no), " ",
    el("bdi", { lang: "zh-CN", class: "brief" }, tasks[n].text)) : null;
  home.replaceChildren(
    el("a", { href: address({ ...state, task: null }), class: "back" }, say("Back to the results")),
    ...[beside(state.task - 1, "Previous"), beside(state.task + 1, "Next")].filter(Boolean));
}
