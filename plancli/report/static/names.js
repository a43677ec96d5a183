// Find names of agencies, regions and sections by what is typed.

const KINDS = ["body", "region", "section"];
const [NAME, ALIAS, FORMER, LATER, COMPOUND, SPOKEN] = [0, 1, 2, 3, 4, 5];
const IN_PARTS = new Set([NAME, ALIAS, FORMER, LATER]);

const keysOf = known.names.map(([kind, at, ways]) => ({
  kind: KINDS[kind],
  at,
  ways: ways.map((keys) => (keys ? keys.split(" ") : [])),
}));

const label = (kind, at) =>
  kind === "body" ? bodies[at].name
  : kind === "region" ? regions[at].name
  : kind === "section" ? heading(at)
  : plans[at].title;

// Rank of a match, the lowest is the best: exact, prefix, substring.
function likeness(entry, key) {
  let best = null;
  entry.ways.forEach((keys, how) => {
    for (const each of keys) {
      let score = null;
      if (each === key) score = how;
      else if (each.startsWith(key) && (how !== SPOKEN || key.length > 1) && how !== COMPOUND) score = 10 + how;
      else if (IN_PARTS.has(how) && each.includes(key)) score = 20 + how;
      if (score !== null && (best === null || score < best.score)) best = { score, how, key: each };
    }
  });
  return best;
}

// The names that match `typed`, the best first, of the given kinds.
function meantBy(typed, kinds = KINDS) {
  const key = squeeze(typed);
  if (!key) return [];
  const found = [];
  for (const entry of keysOf) {
    if (!kinds.includes(entry.kind)) continue;
    const like = likeness(entry, key);
    if (like) found.push({ kind: entry.kind, at: entry.at, ...like });
  }
  return found.sort((one, other) => one.score - other.score || one.key.length - other.key.length);
}
