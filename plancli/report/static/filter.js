// Which tasks match, and how many would with one more filter; filters combine like plancli's options.
// A role is that of every selected agency; without a selection, that of any agency.

function passes(task, asked, found) {
  return (
    (asked.plan === null || task.plan === asked.plan) &&
    (asked.section === null || under(task, asked.section)) &&
    (!asked.role || task.parts[asked.role].length > 0) &&
    asked.body.every((body) => isNamed(task, body, asked.role)) &&
    asked.region.every((region) => task.places.has(region)) &&
    found.every((each) => each.held[task.n])
  );
}

function passing(asked) {
  const found = wordsOf(asked.q).map(word);
  return tasks.filter((task) => passes(task, asked, found));
}

const more = (counts, at) => counts.set(at, (counts.get(at) ?? 0) + 1);

// Number of tasks by value, if it is selected as well (for a single choice: instead).
const counted = {
  body(asked) {
    const counts = new Map();
    for (const task of passing(asked)) {
      for (const body of new Set(named(task, asked.role))) more(counts, body);
    }
    return counts;
  },
  region(asked) {
    const counts = new Map();
    for (const task of passing(asked)) for (const region of task.places.keys()) more(counts, region);
    return counts;
  },
  section(asked) {
    const counts = new Map();
    for (const task of passing({ ...asked, section: null })) {
      more(counts, task.head);
      if (heads[task.head].of !== null) more(counts, heads[task.head].of);
    }
    return counts;
  },
  plan(asked) {
    const counts = new Map();
    for (const task of passing({ ...asked, plan: null })) more(counts, task.plan);
    return counts;
  },
  role: (asked) => new Map(ROLES.map((role) => [role, passing({ ...asked, role }).length])),
};

// Tasks that name a collective agency that may include a selected agency, but not itself.
function maybe(asked, body) {
  const others = { ...asked, body: asked.body.filter((each) => each !== body) };
  return passing(others)
    .map((task) => ({ task, phrases: possible(task, asked.role).get(body) }))
    .filter((each) => each.phrases);
}
