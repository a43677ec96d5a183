// The state is kept in the URL: a selection adds a history entry, typing does not.

const VIEWS = ["tasks", "matrix", "network"];
const NOTHING = {
  q: "", body: [], role: "", region: [], section: null, plan: null, view: "tasks", task: null,
};

const numbered = (values) => new Map(values.map((value, n) => [value, n]));
const numbers = {
  body: numbered(bodies.map((each) => each.name)),
  region: numbered(regions.map((each) => each.name)),
  section: numbered(heads.map((each) => each.key)),
  plan: numbered(plans.map((each) => each.key)),
  task: numbered(tasks.map((each) => each.key)),
};
const keys = {
  body: (at) => bodies[at].name,
  region: (at) => regions[at].name,
  section: (at) => heads[at].key,
  plan: (at) => plans[at].key,
  task: (at) => tasks[at].key,
};

let state = NOTHING;
let unknown = [];
let spoken = ""; // the language, if the URL sets it

function readAddress() {
  const now = { ...NOTHING, body: [], region: [] };
  unknown = [];
  spoken = "";
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    if (name === "q") now.q = value;
    else if (name === "role" && ROLES.includes(value)) now.role = value;
    else if (name === "view" && VIEWS.includes(value)) now.view = value;
    else if (name === "lang" && ["zh", "en"].includes(value)) spoken = value;
    else if (!Object.hasOwn(NOTHING, name) && name !== "lang") unknown.push(name);
    else if (!numbers[name]?.has(value)) unknown.push(value || name);
    else if (Array.isArray(now[name])) now[name] = [...new Set([...now[name], numbers[name].get(value)])];
    else now[name] = numbers[name].get(value);
  }
  state = now;
}

function address(asked) {
  const said = new URLSearchParams();
  if (asked.q) said.append("q", asked.q);
  for (const at of asked.body) said.append("body", keys.body(at));
  if (asked.role) said.append("role", asked.role);
  for (const at of asked.region) said.append("region", keys.region(at));
  for (const name of ["section", "plan"]) {
    if (asked[name] !== null) said.append(name, keys[name](asked[name]));
  }
  if (asked.view !== "tasks") said.append("view", asked.view);
  if (asked.task !== null) said.append("task", keys.task(asked.task));
  if (spoken) said.append("lang", spoken);
  return `#${said}`;
}

// Change the state; unless `change` sets it, the single task is reset.
function choose(change) {
  settle();
  state = { ...state, task: null, ...change };
  unknown = [];
  const next = address(state);
  if (next !== location.hash) history.pushState(null, "", next);
  show();
}

// Browsers limit URL changes: the URL is updated when typing pauses.
const REST = 300; // milliseconds
let settling = 0;

function type(q) {
  state = { ...state, task: null, q };
  unknown = [];
  clearTimeout(settling);
  settling = setTimeout(settle, REST);
  show();
}

// Write the typed text to the URL.
function settle() {
  if (!settling) return;
  clearTimeout(settling);
  settling = 0;
  history.replaceState(null, "", address(state));
}

// Toggle a selection.
function toggled(name, at) {
  const now = state[name];
  if (Array.isArray(now)) {
    return { [name]: now.includes(at) ? now.filter((each) => each !== at) : [...now, at] };
  }
  return { [name]: now === at ? NOTHING[name] : at };
}
