// Positions of agencies on the circle, and shapes of the lines between them.  Units: pixels.

const LINE = 15; // line height of a label
const SLOT = 17; // space on the circle for a line of a label
const LETTER = 12; // font size of labels
const LONG = 13; // characters in a line of a label
const LEAST = 190; // radius

function wrapped(name) {
  const chars = Array.from(name);
  const n = Math.ceil(chars.length / LONG);
  const each = Math.ceil(chars.length / n);
  return Array.from({ length: n }, (_line, at) => chars.slice(at * each, (at + 1) * each).join(""));
}

// Place `nodes` (agencies, grouped by kind) around a circle with room for every label.
function circle(nodes) {
  const labels = nodes.map((body) => wrapped(bodies[body].name));
  const gap = (n) => (n && bodies[nodes[n]].kind !== bodies[nodes[n - 1]].kind ? 0.8 : 0);
  const slots = labels.map((lines, n) => lines.length + 0.12 + gap(n));
  const sum = slots.reduce((all, each) => all + each, 0.8);
  const radius = Math.max(LEAST, (sum * SLOT) / (2 * Math.PI));
  let at = 0;
  const placed = nodes.map((body, n) => {
    const angle = (2 * Math.PI * (at + gap(n) + labels[n].length / 2)) / sum - Math.PI / 2;
    at += slots[n];
    return { body, lines: labels[n], angle, x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
  return { radius, placed };
}

// A line between two points through the inside: thick at its start, thin at its end.
function taper(from, to, n, radius) {
  const near = Math.hypot(from.x + to.x, from.y + to.y) / 2 / radius; // 1 side by side, 0 opposite
  const inward = 0.12 + 0.55 * near ** 4;
  const chord = across(from, to);
  // The two directions between the same agencies bend to different sides.
  const bend = {
    x: (inward * (from.x + to.x)) / 2 + chord.x * 10,
    y: (inward * (from.y + to.y)) / 2 + chord.y * 10,
  };
  const broad = Math.min(16, 1.6 + 1.5 * n) / 2;
  const fine = 0.35;
  const by = (point, way, width) => `${(point.x + way.x * width).toFixed(1)} ${(point.y + way.y * width).toFixed(1)}`;
  const begin = across(from, bend);
  const end = across(bend, to);
  const middle = (broad + fine) / 2;
  return `M${by(from, begin, broad)}Q${by(bend, chord, middle)} ${by(to, end, fine)}` +
    `L${by(to, end, -fine)}Q${by(bend, chord, -middle)} ${by(from, begin, -broad)}Z`;
}

// The unit vector perpendicular to the line between two points.
function across(from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: (from.y - to.y) / length, y: (to.x - from.x) / length };
}

// The frame around the circle and all its labels.
function framed(placed, radius) {
  const reach = placed.map(({ lines, angle }) => {
    const far = radius + 12 + LETTER * Math.max(...lines.map((line) => Array.from(line).length));
    return { x: far * Math.cos(angle), y: far * Math.sin(angle) };
  });
  const [left, right] = [Math.min(...reach.map((each) => each.x)), Math.max(...reach.map((each) => each.x))];
  const [top, bottom] = [Math.min(...reach.map((each) => each.y)), Math.max(...reach.map((each) => each.y))];
  const room = 1.5 * LINE;
  return [Math.min(left, -radius) - room, Math.min(top, -radius) - room,
    Math.max(right, radius) - Math.min(left, -radius) + 2 * room,
    Math.max(bottom, radius) - Math.min(top, -radius) + 2 * room].map(Math.round);
}

// A label along the radius, readable from the left on both sides.
function radial({ lines, angle }, radius) {
  const degrees = (angle * 180) / Math.PI;
  const left = Math.cos(angle) < 0;
  const turned = left ? degrees + 180 : degrees;
  const x = (radius + 10) * (left ? -1 : 1);
  const first = (-(lines.length - 1) / 2) * LINE;
  const said = lines.map((line, n) => drawn("tspan", { x, y: (first + n * LINE).toFixed(1) }, line));
  return drawn("text", { transform: `rotate(${turned.toFixed(2)})`, "text-anchor": left ? "end" : "start",
    "dominant-baseline": "central", "font-size": LETTER }, ...said);
}
