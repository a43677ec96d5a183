// The page: renders the state and handles keys.

function show() {
  const found = state.task === null ? passing(state) : [tasks[state.task]];
  const view = state.task === null ? state.view : "tasks";
  for (const each of byId("views").children) {
    each.setAttribute("aria-pressed", String(each.value === state.view && state.task === null));
  }
  for (const name of VIEWS) byId(name).hidden = name !== view;
  if (document.body.dataset.view !== view) {
    document.body.dataset.view = view;
    drawer();
  }
  if (box.value !== state.q) box.value = state.q;
  showFacets();
  showAsked(found);
  showCount(found);
  showTasks(found);
  showMaybe();
  showNeighbours();
  if (view === "matrix") showMatrix(found);
  if (view === "network") showNetwork(found);
}

function arrive() {
  clearTimeout(settling);
  settling = 0;
  readAddress();
  const code = spoken || language;
  if (code !== language) speak(code);
  show();
  if (state.task !== null) tasks[state.task].node.scrollIntoView({ block: "center" });
}

byId("views").addEventListener("click", (event) => {
  const { value } = event.target.closest("button") ?? {};
  if (value) choose({ view: value });
});
byId("language").addEventListener("click", () => {
  spoken = language === "zh" ? "en" : "zh";
  speak(spoken);
  choose({ task: state.task });
});
byId("print").addEventListener("click", () => window.print());
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("found").focus();
});
// Links within this page keep the language.
byId("found").addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  settle();
  const said = new URLSearchParams(link.hash.slice(1));
  if (spoken) said.set("lang", spoken);
  history.pushState(null, "", `#${said}`);
  arrive();
  if (state.task === null) window.scrollTo({ top: 0 });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input")) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
window.addEventListener("hashchange", arrive);

const wide = matchMedia("(min-width: 60rem)");
const drawer = () => { byId("drawer").open = wide.matches && document.body.dataset.view !== "matrix"; };
wide.addEventListener("change", drawer);

document.body.classList.remove("plain");
makeFacets();
speak(ofReader());
arrive();
