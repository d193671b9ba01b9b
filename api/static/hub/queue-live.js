// Ask every 15 seconds what changed, and say it in one line; nothing moves under the reader's hands.

const PAUSE = 15_000; // milliseconds
// Asking is no use of the session, which ends by itself; a page that nobody uses asks no more.
const AWAY = 10 * 60_000;
const USES = ["keydown", "pointerdown", "scroll", "focus"];
const AWAY_WORDS = "This page has stopped looking for new contacts, since nobody was using it.";
const ENDED_WORDS = "You have been signed out, since nothing was opened for a while. Sign in again to go on.";

// Watch for as long as the page is seen; *live* holds what the page was made of.
export function watchChanges(live, cards) {
  const status = document.getElementById("live-status");
  const show = document.getElementById("live-show");
  const query = new URLSearchParams(live.dataset.filters);
  query.set("after", live.dataset.after);
  let tag = "";
  let used = Date.now();
  for (const use of USES) window.addEventListener(use, () => (used = Date.now()), { passive: true });
  const watching = setInterval(async () => {
    if (document.hidden) return;
    if (Date.now() - used > AWAY) {
      tag = ""; // on return the whole answer is wanted again
      tell(AWAY_WORDS);
      return;
    }
    const answer = await ask(query, tag);
    if (!answer) return;
    if (answer.ended) {
      clearInterval(watching);
      tell(ENDED_WORDS);
      return;
    }
    tag = answer.tag;
    mark(cards, answer.changed);
    tell(say(answer, Number(live.dataset.overdue)));
  }, PAUSE);

  function tell(said) {
    show.hidden = said === "";
    if (status.textContent !== said) status.textContent = said; // said aloud once, not every time
  }
}

// Give what changed; null where nothing new did, or the service does not answer just now.
async function ask(query, tag) {
  try {
    const answer = await fetch(`/hub/changes?${query}`, { headers: { "If-None-Match": tag }, cache: "no-store" });
    if (answer.status === 401) return { ended: true };
    if (answer.status !== 200) return null;
    return { ...(await answer.json()), tag: answer.headers.get("ETag") ?? "" };
  } catch {
    return null;
  }
}

function mark(cards, changed) {
  for (const card of cards) {
    card.querySelector(".rq-changed").hidden = !changed.includes(card.dataset.contact);
  }
}

function say({ new: arrived, overdue }, before) {
  const parts = [];
  if (arrived) parts.push(`${arrived} new ${arrived === 1 ? "contact" : "contacts"}.`);
  const more = overdue - before;
  if (more > 0) parts.push(`${more} more ${more === 1 ? "contact is" : "contacts are"} overdue.`);
  return parts.join(" ");
}
