// Sending to the hub with a script: whatever fails on the way, the words stay in the page.

const byId = (id) => document.getElementById(id);
const NOT_REACHED = "The hub’s server could not be reached, so it is not certain that this was sent. Your text is still here: "
  + "press ‘Send to the hub’ again. It arrives once only, however often you press. If a child may be at risk now, ring the hub, or 999.";

// Take over the sending part of `form`; gives what to call with the record of a check.
export function takeOverSending(form) {
  const button = byId("send-button");
  if (!button) return { noteCheck: () => {} };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    send(form, button);
  });
  window.addEventListener("pageshow", () => button.removeAttribute("aria-disabled")); // come back to
  byId("add-person").addEventListener("click", (event) => {
    event.preventDefault();
    addPerson();
  });
  return { noteCheck: noteOnce(form) };
}

async function send(form, button) {
  if (button.getAttribute("aria-disabled")) return; // the second click of a double click
  button.setAttribute("aria-disabled", "true");
  byId("not-sent").hidden = true;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch("/refer/send", { method: "POST", body, redirect: "manual" });
    // It was sent, or the page comes again with the reason and the words: let the browser show it.
    if (answer.type === "opaqueredirect" || answer.headers.has("x-form-kept")) sendPlainly(form);
    else tell(button, NOT_REACHED);
  } catch {
    tell(button, NOT_REACHED);
  }
}

// As without a script. It is safe to send twice: the form carries a key of its own, and the browser
// is let go only once the server is known to answer.
function sendPlainly(form) {
  form.action = "/refer/send";
  form.submit();
}

function tell(button, words) {
  button.removeAttribute("aria-disabled");
  const notice = byId("not-sent");
  notice.hidden = false;
  notice.textContent = words;
  notice.focus();
}

function addPerson() {
  const people = byId("people");
  const number = people.children.length;
  const fields = byId("person-template").content.cloneNode(true).firstElementChild;
  for (const part of [fields, ...fields.querySelectorAll("*")]) {
    for (const { name, value } of [...part.attributes]) {
      if (value.includes("NUMBER")) part.setAttribute(name, value.replace("NUMBER", String(number)));
    }
  }
  people.append(fields);
  fields.querySelector("select").focus();
}

// Tell the server the counts of the first check, and no word, so that the sender sees what improved.
function noteOnce(form) {
  let noted = false;
  return ({ completeness }) => {
    if (noted) return;
    noted = true;
    const missing = completeness.elements.filter(({ expected, status }) => expected && status === "missing").length;
    fetch("/refer/checked", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Form-Token": form.elements.form_token.value },
      body: JSON.stringify({ draft: form.elements.draft.value, score: completeness.score, missing }),
    }).catch(() => {}); // a count that is lost is no matter
  };
}
