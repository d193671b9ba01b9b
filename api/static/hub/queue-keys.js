// Keys that move through the contacts. Single letters can be switched off (WCAG 2.2, 2.1.4), and
// the choice is kept in this browser.

const CHOICE = "queue-keys";

export function watchKeys(cards) {
  const links = cards.map((card) => card.querySelector("[data-open]"));
  const help = document.getElementById("keys");
  const choice = document.getElementById("keys-on");
  choice.checked = recall() !== "off";
  choice.addEventListener("change", () => keep(choice.checked ? "on" : "off"));

  const at = () => cards.findIndex((card) => card.contains(document.activeElement));
  const move = (step) => {
    const next = at() < 0 ? 0 : Math.min(Math.max(at() + step, 0), links.length - 1);
    links[next]?.focus();
  };
  const claim = () => cards[at()]?.querySelector("[data-claim]")?.requestSubmit();
  const letters = { j: () => move(1), k: () => move(-1), c: claim, "?": () => toggle(help) };
  const arrows = { ArrowDown: () => move(1), ArrowUp: () => move(-1) };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const act = (choice.checked && letters[event.key]) || (at() >= 0 && arrows[event.key]);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isTyping(target) {
  return target.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

function toggle(help) {
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
}

function recall() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null; // storage is forbidden here: shortcuts are on until switched off
  }
}

function keep(value) {
  try {
    localStorage.setItem(CHOICE, value);
  } catch {
    // Not kept, then; the choice still holds on this page.
  }
}
