// Search the text of tasks: exactly like `plancli keyword`, otherwise by pinyin.

const foldOf = new Map();
for (const [folded, chars] of Object.entries(known.folds)) {
  for (const char of chars) foldOf.set(char, folded);
}
const readingsOf = new Map();
for (const [syllable, chars] of Object.entries(known.readings)) {
  for (const char of chars) readingsOf.set(char, [...(readingsOf.get(char) ?? []), syllable]);
}

const isHalf = (char) => char.length === 1 && char >= "\ud800" && char <= "\udfff";
const foldedChar = (char) => foldOf.get(char) ?? (isHalf(char) ? "\ufffd" : char);
const fold = (text) => Array.from(text, foldedChar).join("");
const squeeze = (text) => fold(text).replace(/\s+/gu, "");
const wordsOf = (typed) => typed.split(/\s+/u).filter(Boolean);

function foldedText(task) {
  task.folded ??= fold(task.text);
  return task.folded;
}

// The matches of a folded word in a text, as [start, end] in the original text.
function* places(text, word) {
  const starts = [];
  let folded = "";
  let at = 0;
  for (const char of text) {
    const now = foldedChar(char);
    for (let n = 0; n < now.length; n++) starts.push([at, at + char.length]);
    folded += now;
    at += char.length;
  }
  for (let n = folded.indexOf(word); n >= 0; n = folded.indexOf(word, n + 1)) {
    yield [starts[n][0], starts[n + word.length - 1][1]];
  }
}

// The end of the match of pinyin `letters` from chars[at], or -1; the last syllable may be incomplete.
function spelled(chars, at, letters) {
  if (!letters) return at;
  for (const syllable of readingsOf.get(chars[at]) ?? []) {
    if (syllable.startsWith(letters)) return at + 1;
    if (!letters.startsWith(syllable)) continue;
    const end = spelled(chars, at + 1, letters.slice(syllable.length));
    if (end >= 0) return end;
  }
  return -1;
}

const begins = (char, letter) => (readingsOf.get(char) ?? []).some((each) => each[0] === letter);

function* placesByPinyin(text, letters) {
  const own = Array.from(text);
  const chars = own.map(foldedChar);
  let start = 0;
  for (let at = 0; at < chars.length; at++) {
    if (begins(chars[at], letters[0])) {
      let end = spelled(chars, at, letters);
      if (end < 0 && Array.from(letters).every((each, n) => begins(chars[at + n], each))) {
        end = at + letters.length;
      }
      if (end >= 0) yield [start, start + own.slice(at, end).join("").length];
    }
    start += own[at].length;
  }
}

const PINYIN = /^[a-zü']*[a-zü][a-zü']*[a-zü]'*$/u;
const sought = new Map();

// The matches of one typed word: the tasks, whether by pinyin, and the positions in a task.
function word(typed) {
  if (!sought.has(typed)) sought.set(typed, soughtNow(typed));
  return sought.get(typed);
}

function soughtNow(typed) {
  const folded = fold(typed);
  const exact = tasks.map((task) => foldedText(task).includes(folded));
  const found = { typed, held: exact, pinyin: false, places: (text) => places(text, folded) };
  if (exact.includes(true) || !PINYIN.test(folded)) return found;
  const letters = folded.replaceAll("'", "").replaceAll("ü", "v");
  const held = tasks.map((task) => !placesByPinyin(task.text, letters).next().done);
  if (!held.includes(true)) return found;
  return { typed, held, pinyin: true, places: (text) => placesByPinyin(text, letters) };
}

// The number of clauses that contain a word that is in no task's text.
function inClauses(typed) {
  const folded = fold(typed);
  const clauses = tasks.map((task) => task.node.querySelector(".clause")?.textContent ?? "");
  return clauses.filter((clause) => fold(clause.slice(1, -1)).includes(folded)).length;
}
