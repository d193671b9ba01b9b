// The page's script: feedback while typing, upload, copy, print. Without it the form still works.

import { Draft, toStretch } from "/static/refer/draft.js";
import { Editor } from "/static/refer/editor.js";
import { element } from "/static/refer/element.js";
import { Panel } from "/static/refer/panel.js";
import { takeOverSending } from "/static/refer/sending.js";
import { readFile, shareOut } from "/static/refer/upload.js";

const PAUSE = 700; // milliseconds after the last key: long enough not to interrupt
const UNAVAILABLE = "Checks are not available. You can still send your referral.";

const data = JSON.parse(document.getElementById("page-data").textContent);
const byId = (id) => document.getElementById(id);
const [form, boxes, summary, notice] = ["form", "boxes", "summary", "upload-notice"].map(byId);
const [layoutChoice, agencyChoice, frameworkChoice] = ["layout", "agency", "framework"].map(byId);

const panel = new Panel(byId("findings"), { words: data.words, judged: countVerdict });
const drafts = new Map(); // by layout: its container, editors and Draft
let current = takeOver(boxes.querySelector(".rq-layout"));
let carried = null; // what the last change of layout put where, to give it back unchanged
let timer = null;
let request = null;
let latest = 0;

document.body.classList.add("rq-script");
layoutChoice.addEventListener("change", () => changeLayout(layoutChoice.value));
for (const choice of [agencyChoice, frameworkChoice, byId("earlier_contacts")]) {
  choice?.addEventListener("change", check);
}
const sending = takeOverSending(form);
form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return; // goes elsewhere than to a check
  event.preventDefault();
  check();
  byId("feedback").focus();
});
// By its kind: GOV.UK Frontend gives the id to the button that it puts in the input's place.
form.querySelector("input[type=file]").addEventListener("change", upload);
byId("copy").addEventListener("click", copy);
byId("print").addEventListener("click", () => window.print());
window.addEventListener("beforeprint", () => {
  byId("printed").textContent = current.draft.join().text;
});
byId("marks").addEventListener("change", (event) => {
  boxes.classList.toggle("rq-unmarked", !event.target.checked);
});
if (current.draft.join().text.trim()) check();

function takeOver(container) {
  const code = container.dataset.layout;
  const { boxes: described } = data.layouts[code];
  const textareas = [...container.querySelectorAll("textarea")];
  const editors = textareas.map((textarea) => new Editor(textarea, { changed: checkSoon }));
  const draft = new Draft(textareas.map((textarea, at) => ({ textarea, title: described[at].title })));
  const taken = { code, container, editors, draft };
  drafts.set(code, taken);
  return taken;
}

function build(code) {
  const layout = data.layouts[code];
  const container = element("div", { class: "rq-layout", "data-layout": code });
  for (const box of layout.boxes) {
    const group = byId("box-template").content.cloneNode(true);
    const [label, hint, textarea] = ["label", ".govuk-hint", "textarea"].map((part) => group.querySelector(part));
    label.textContent = box.title;
    label.htmlFor = box.name;
    hint.textContent = box.hint;
    hint.id = `${box.name}-hint`;
    textarea.id = box.name;
    textarea.name = box.name;
    textarea.rows = layout.boxes.length === 1 ? 14 : 4;
    textarea.setAttribute("aria-describedby", hint.id);
    container.append(group);
  }
  boxes.append(container);
  return takeOver(container);
}

async function changeLayout(code) {
  const from = current;
  const { text } = from.draft.join();
  current.container.hidden = true;
  current = drafts.get(code) ?? build(code);
  current.container.hidden = false;
  byId("shown").value = code;
  const incident = byId("incident-group"); // only on the page of somebody who sends
  if (incident) incident.hidden = data.layouts[code].form !== "ppn";
  const back = carried && carried.from === current && carried.into === from && carried.text === text;
  if (!back && text.trim()) {
    const layout = data.layouts[code];
    const shared = layout.boxes.length === 1 ? null : await readFile(new Blob([text])).catch(() => null);
    if (current.code !== code) return; // another was chosen meanwhile
    const parts = shared ? shareOut(layout, shared) : [text, ...layout.boxes.slice(1).map(() => "")];
    current.editors.forEach((editor, at) => editor.fill(parts[at]));
    carried = { from, into: current, text: current.draft.join().text };
  }
  current.editors.forEach((editor) => editor.fit());
  check();
}

function checkSoon() {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

async function check() {
  clearTimeout(timer);
  request?.abort();
  latest += 1;
  const mine = latest;
  const { text, places } = current.draft.join();
  if (!text.trim()) {
    clear();
    return;
  }
  request = new AbortController();
  try {
    const answer = await fetch("/api/v1/assessments", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(asked(text)),
      signal: request.signal,
    });
    const record = await answer.json();
    // Paint only what answers the text as it is now.
    if (mine !== latest || text !== current.draft.join().text) return;
    if (answer.ok) paint(record, places);
    else fail(record.error?.message);
  } catch (error) {
    if (error.name !== "AbortError" && mine === latest) fail();
  }
}

function asked(text) {
  const { form: kind, form_type, agency } = data.layouts[current.code];
  const earlier = byId("earlier_contacts").value.trim();
  return {
    text,
    form: kind,
    form_type,
    agency: agencyChoice.value || agency,
    framework: frameworkChoice?.value || null,
    earlier_contacts: /^\d{1,3}$/u.test(earlier) ? Number(earlier) : null,
    offset_unit: "utf16",
  };
}

function paint(record, places) {
  const stretches = new Map(); // by evidence: drawn again, it still follows the words
  let drawn = [];
  panel.show(record, {
    levels: data.levels[record.provenance.framework],
    started: () => { drawn = []; },
    quoteButton: (evidence, kind, words) => {
      if (!stretches.has(evidence)) {
        stretches.set(evidence, toStretch(places, evidence.start, evidence.end, kind));
      }
      const stretch = stretches.get(evidence);
      if (stretch) drawn.push(stretch);
      return quoteButton(stretch, words);
    },
    finished: () => current.editors.forEach((editor) => {
      editor.mark(drawn.filter(({ textarea }) => textarea === editor.textarea));
    }),
  });
  say(record.feedback.summary);
  sending.noteCheck(record);
}

function quoteButton(stretch, words) {
  if (!stretch) return element("q", { class: "rq-quote" }, words);
  return element("button", {
    type: "button", class: "rq-quote rq-quote--button", click: () => {
      const place = stretch.find();
      const editor = current.editors.find(({ textarea }) => textarea === stretch.textarea);
      if (place) editor?.show(place.start, place.end);
    },
  }, element("span", { class: "govuk-visually-hidden" }, "Show in text: "), element("q", {}, words));
}

function clear() {
  say("");
  current.editors.forEach((editor) => editor.mark([]));
  panel.showLookedFor(data.layouts[current.code].looked_for);
}

function fail(message) {
  say(message && message.includes("You can still send") ? UNAVAILABLE : [message, UNAVAILABLE].filter(Boolean).join(" "));
}

// The one live region: written only when what it says changes.
function say(words) {
  if (summary.textContent !== words) summary.textContent = words;
}

async function upload(event) {
  const [file] = event.target.files;
  if (!file) return;
  const layout = data.layouts[current.code];
  try {
    const parts = shareOut(layout, await readFile(file));
    const filled = [];
    current.editors.forEach((editor, at) => {
      if (!parts[at].trim()) return;
      editor.fill([editor.textarea.value.trimEnd(), parts[at]].filter(Boolean).join("\n\n"));
      filled.push(layout.boxes[at].title);
    });
    tell(`Filled in from your file: ${filled.join("; ")}. Text under no heading that we know is in the first box. Please read it through.`);
    check();
  } catch (error) {
    tell(error.message || "This file could not be read. You can paste its text instead.");
  }
  event.target.value = "";
}

function tell(words) {
  notice.hidden = false;
  notice.textContent = words;
  notice.focus();
}

async function copy(event) {
  const button = event.target;
  const { text } = current.draft.join();
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copied = copyTheOldWay(text); // where the page is not on a secure address
  }
  button.textContent = copied ? "Copied" : "Not copied: select the text and copy it";
  setTimeout(() => { button.textContent = "Copy the whole text"; }, 4000);
}

function copyTheOldWay(text) {
  const holder = element("textarea", { class: "govuk-visually-hidden", "aria-hidden": "true" });
  holder.value = text;
  document.body.append(holder);
  holder.select();
  const copied = document.execCommand("copy");
  holder.remove();
  byId("copy").focus();
  return copied;
}

function countVerdict(kind, code, verdict) {
  fetch("/api/v1/findings", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ kind, code, verdict }),
  }).catch(() => {}); // a count that is lost is no matter
}
