// The data of the plan, indexed for queries.

const ROLES = ["lead", "participate"];
const GRADES = ["", "by name", "by a region in it", "compound or landmark", "only in the clause"];

const bodies = known.bodies;
const regions = known.regions;
const heads = known.heads;
const plans = known.plans;

const tasks = known.tasks.map(([key, plan, head, duties, places], n) => ({
  n,
  key,
  plan,
  head,
  parts: {
    lead: duties.filter(([, role]) => role === 0).map(([body]) => body),
    participate: duties.filter(([, role]) => role === 1).map(([body]) => body),
  },
  places: new Map(places.map(([region, grade, ...ways]) => [region, { grade, ways }])),
  node: byId(`t${n}`),
}));
for (const task of tasks) {
  task.words = task.node.querySelector(".text");
  task.text = task.words.textContent;
}

// collective agency -> possible members, per plan
const meant = plans.map(() => new Map());
for (const [plan, phrase, members] of known.may) meant[plan].set(phrase, members);

const named = (task, role) =>
  role ? task.parts[role] : [...task.parts.lead, ...task.parts.participate];

const isNamed = (task, body, role) => named(task, role).includes(body);

const under = (task, head) => task.head === head || heads[task.head].of === head;

// Possible members of the task's collective agencies (in `role`), without agencies that it names.
function possible(task, role) {
  const found = new Map();
  for (const phrase of new Set(named(task, role))) {
    for (const body of meant[task.plan].get(phrase) ?? []) {
      if (isNamed(task, body, "")) continue;
      if (found.has(body)) found.get(body).push(phrase);
      else found.set(body, [phrase]);
    }
  }
  return found;
}

// The label of a section: 一、重大政策措施 or （二）强化科技创新攻坚力量.
function heading(n) {
  const { no, title, of } = heads[n];
  if (of === null) return [no, title].filter(Boolean).join("、");
  return (no ? `（${no}）` : "") + title;
}
