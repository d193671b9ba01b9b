// The queue's script: says what is new, and lets keys move through the contacts. Without it a link
// refreshes the page, and Tab and Enter do everything.

import { watchKeys } from "/static/hub/queue-keys.js";
import { watchChanges } from "/static/hub/queue-live.js";

document.body.classList.add("rq-script");
const cards = [...document.querySelectorAll("[data-contact]")];
watchKeys(cards);
const live = document.getElementById("live");
if (!live.hidden) watchChanges(live, cards);
