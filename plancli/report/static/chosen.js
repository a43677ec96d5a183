// The active filters in words, to remove or print, and the number of matching tasks.

function asks() {
  const said = [];
  for (const typed of wordsOf(state.q)) {
    said.push({ kind: "Word", name: typed, less: () => ({ q: wordsOf(state.q).filter((each) => each !== typed).join(" ") }) });
  }
  for (const at of state.body) said.push({ kind: "Agency", name: bodies[at].name, less: () => toggled("body", at) });
  if (state.role) said.push({ kind: "Role", name: say(ROLE_SAID[state.role]), less: () => ({ role: "" }) });
  for (const at of state.region) said.push({ kind: "Region", name: regions[at].name, less: () => toggled("region", at) });
  if (state.section !== null) said.push({ kind: "Section", name: heading(state.section), less: () => ({ section: null }) });
  if (state.plan !== null) said.push({ kind: "Plan", name: plans[state.plan].title, less: () => ({ plan: null }) });
  return said;
}

function showAsked(found) {
  const said = asks();
  const chips = said.map((each) => el("button", {
    type: "button", class: "chip", "data-key": `${each.kind} ${each.name}`,
    "aria-label": say("Remove {name}", { name: each.name }), click: () => less(each),
  }, el("span", { class: "kind" }, say(each.kind)), plain(each.name), el("span", { class: "cross" }, "×")));
  if (said.length > 1) chips.push(el("button", { type: "button", class: "quiet", click: clear }, say("Clear all")));
  renewed(byId("chosen"), chips);
  const told = joined(said.map((each) => [`${say(each.kind)} `, plain(each.name)]), "；").flat();
  byId("asked").replaceChildren(...(said.length ? [say("Filters:") + gap(), ...told, " · "] : []), totalSaid(found));
  byId("drawn").textContent = said.length ? say("Filters ({n})", { n: said.length }) : say("Filters");
}

function less(each) {
  choose(each.less());
  byId("found").focus({ preventScroll: true });
}

function clear() {
  choose({ ...NOTHING, view: state.view });
  byId("found").focus({ preventScroll: true });
}

function showCount(found) {
  const lines = [el("p", { class: "total" }, el("b", {}, totalSaid(found)), rolesSaid(found))];
  for (const each of wordsOf(state.q).map(word)) {
    if (each.pinyin) lines.push(el("p", { class: "pinyin" }, say("found by pinyin: {word}", { word: each.typed })));
    else if (!each.held.includes(true)) lines.push(nowhere(each.typed));
  }
  if (unknown.length) {
    lines.push(el("p", { class: "unknown" }, say("unknown and ignored: {names}", { names: unknown.join("、") })));
  }
  if (!found.length) lines.push(el("p", {}, say("No task matches the filters.")));
  byId("count").replaceChildren(...lines);
}

function totalSaid(found) {
  const of = found.length < tasks.length ? gap() + say("of {n}", { n: tasks.length }) : "";
  return tasksSaid(found.length) + of;
}

function nowhere(typed) {
  const n = inClauses(typed);
  const more_ = n ? semicolon() + say("it is in {n} clauses: select the agency", { n }) : "";
  return el("p", { class: "nowhere" }, say("no task contains “{word}”", { word: typed }) + more_);
}

// For a single agency: how many tasks it leads and takes part in.
function rolesSaid(found) {
  if (state.body.length !== 1) return "";
  const [body] = state.body;
  const n = (role) => found.filter((task) => isNamed(task, body, role)).length;
  return ` · ${say("leads {lead}, takes part in {participate}", { lead: n("lead"), participate: n("participate") })}`;
}
