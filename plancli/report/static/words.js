// The messages of the page, in English or Chinese.

const known = JSON.parse(byId("known").textContent);
let language = "zh";

const ofReader = () => (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

function say(english, holes = {}) {
  const said = language === "zh" ? known.words[english] : english;
  return said.replace(/\{(\w+)\}/g, (_hole, name) => holes[name]);
}

// Space between sentences; Chinese has none.
const gap = () => (language === "zh" ? "" : " ");
const colon = () => (language === "zh" ? "：" : ": ");
const semicolon = () => (language === "zh" ? "；" : "; ");

const tasksSaid = (n) => (n === 1 ? say("1 task") : say("{n} tasks", { n }));

// Translate the labels of the document into `code`.
function speak(code) {
  language = code;
  document.documentElement.lang = code === "zh" ? "zh-CN" : "en";
  for (const each of document.querySelectorAll("[data-say]")) {
    each.textContent = say(each.dataset.say);
    each.lang = document.documentElement.lang;
  }
  for (const each of document.querySelectorAll("[data-name]")) {
    each.setAttribute("aria-label", say(each.dataset.name));
  }
  byId("q").placeholder = say(byId("q").dataset.hint);
  const other = byId("language");
  other.textContent = code === "zh" ? "English" : "中文";
  other.lang = code === "zh" ? "en" : "zh-CN";
}
