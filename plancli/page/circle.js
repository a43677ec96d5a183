// Where bodies stand on the circle, and the shape of the lines between them.  Units: pixels.

const LINE = 15; // from one line of a label to the next
const LETTER = 12; // the size of a label's letters
const LONG = 13; // letters in a line of a label
const LEAST = 190; // radius

function wrapped(name) {
  const chars = Array.from(name);
  const n = Math.ceil(chars.length / LONG);
  const each = Math.ceil(chars.length / n);
  return Array.from({ length: n }, (_line, at) => chars.slice(at * each, (at + 1) * each).join(""));
}

// Place `nodes` (bodies, kind by kind) around a circle with room for the lines of every label.
function circle(nodes) {
  const labels = nodes.map((body) => wrapped(bodies[body].name));
  const gap = (n) => (n && bodies[nodes[n]].kind !== bodies[nodes[n - 1]].kind ? 0.8 : 0);
  const slots = labels.map((lines, n) => lines.length + 0.12 + gap(n));
  const sum = slots.reduce((all, each) => all + each, 0.8);
  const radius = Math.max(LEAST, (sum * LINE) / (2 * Math.PI));
  let at = 0;
  const placed = nodes.map((body, n) => {
    const angle = (2 * Math.PI * (at + gap(n) + labels[n].length / 2)) / sum - Math.PI / 2;
    at += slots[n];
    return { body, lines: labels[n], angle, x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
  return { radius, placed, slot: (2 * Math.PI) / sum };
}

// A line from one place to another: broad where it begins, fine where it ends.
function taper(from, to, n) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const across = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  const broad = Math.min(16, 1.6 + 1.5 * n) / 2;
  const fine = 0.35;
  // The two directions between the same bodies bend to different sides.
  const bend = { x: 0.13 * (from.x + to.x) + across.x * 12, y: 0.13 * (from.y + to.y) + across.y * 12 };
  const by = (point, width) => `${(point.x + across.x * width).toFixed(1)} ${(point.y + across.y * width).toFixed(1)}`;
  const middle = (broad + fine) / 2;
  return `M${by(from, broad)}Q${by(bend, middle)} ${by(to, fine)}L${by(to, -fine)}Q${by(bend, -middle)} ${by(from, -broad)}Z`;
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
