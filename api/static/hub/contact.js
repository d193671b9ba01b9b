// The contact page with a script: marks change at once, fields appear when they are needed, and
// leaving with something typed is asked about. Without it the page does the same with the server.

document.documentElement.classList.add("rq-script");

const legend = document.querySelector("#legend");
const text = document.querySelector("#text");
const form = document.querySelector("#decide-form");

if (legend && text) {
  legend.addEventListener("change", showMarks);
  legend.addEventListener("submit", (event) => event.preventDefault());
}
if (form) {
  form.addEventListener("change", showNeeded);
  showNeeded();
  takeSelection();
  askBeforeLeaving();
  staySignedIn();
}
document.addEventListener("click", openTarget);

function showMarks() {
  const chosen = new FormData(legend);
  const [kinds, only] = [chosen.getAll("kind"), chosen.get("only") ?? ""];
  for (const mark of text.querySelectorAll("mark")) {
    const names = [...mark.querySelectorAll("[data-kind]")];
    for (const name of names) {
      const { kind, code } = name.dataset;
      name.hidden = !kinds.includes(kind) || (only !== "" && only !== code);
    }
    const first = names.find((name) => !name.hidden); // the most serious comes first
    for (const name of names) {
      if (name.dataset.kind !== "need" || name.dataset.begins === undefined) continue;
      name.className = first?.dataset.kind === "need" ? "rq-tag" : "govuk-visually-hidden"; // said where it is what shows
    }
    mark.className = first ? `rq-mark rq-mark--${first.dataset.kind}` : "rq-mark--off";
  }
}

function showNeeded() {
  const given = new FormData(form);
  const plausible = form.dataset.plausible.split(" ").filter(Boolean);
  const level = given.get("level");
  const needed = {
    differs: level !== "" && plausible.length > 0 && !plausible.includes(level),
    inappropriate: given.get("notification") === "inappropriate",
    step: given.get("step") !== "",
  };
  for (const part of form.querySelectorAll("[data-needs]")) {
    part.hidden = !needed[part.dataset.needs] && !part.querySelector(".govuk-error-message");
  }
}

// The words of a flag that was missed, as offsets in code points of what the text shows.
function takeSelection() {
  const button = document.querySelector("#use-selected");
  const said = document.querySelector("#selected-words");
  let range = null;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const now = selection.rangeCount ? selection.getRangeAt(0) : null;
    if (now && !now.collapsed && text?.contains(now.commonAncestorContainer)) range = now.cloneRange();
  });
  button?.addEventListener("click", () => {
    if (!range) {
      said.textContent = "Select the words in the text first.";
      return;
    }
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const [start, words] = [count(wordsOf(before)), wordsOf(range)];
    document.querySelector("#missed_start").value = start;
    document.querySelector("#missed_end").value = start + count(words);
    said.textContent = `Marked: \u201c${words}\u201d`;
  });
}

// What the text says in a range, without the names of its marks.
function wordsOf(range) {
  const held = range.cloneContents();
  for (const name of held.querySelectorAll("[data-kind]")) name.remove();
  return held.textContent;
}

function count(words) {
  return [...words].length;
}

function askBeforeLeaving() {
  const before = new URLSearchParams(new FormData(form)).toString();
  let sending = false;
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    const changed = new URLSearchParams(new FormData(form)).toString() !== before;
    if (changed && !sending) event.preventDefault();
  });
}

// Writing is use, though nothing is sent meanwhile: whoever writes for long must not be signed out
// when they save. Any page of the hub will do; this one shows nothing of anybody.
function staySignedIn() {
  let told = Date.now();
  form.addEventListener("input", () => {
    if (Date.now() - told < 5 * 60_000) return;
    told = Date.now();
    fetch("/hub/order", { cache: "no-store", redirect: "manual" }).catch(() => {});
  });
}

// A link to a closed part of the page opens it.
function openTarget(event) {
  const link = event.target.closest?.("a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  const closed = target?.closest("details:not([open])");
  if (closed) closed.open = true;
}
