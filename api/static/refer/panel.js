// The feedback in words, from the API's record. templates/feedback.html writes the same without
// a script.

import { element as h } from "/static/refer/element.js";

const LONGEST_QUOTE = 140;

export class Panel {
  // judged(kind, code, verdict) is told what the writer thinks of a finding.
  constructor(findings, { words, judged }) {
    Object.assign(this, { findings, words, judged });
    this.setAside = new Set(); // findings dismissed or called wrong, for as long as the page is open
  }

  showLookedFor(labels) {
    this.replace(
      h("h3", { class: "govuk-heading-s govuk-!-margin-bottom-1" }, "What a social worker will look for"),
      h("ul", { class: "govuk-list govuk-list--bullet rq-looked-for" }, ...labels.map((label) => h("li", {}, label))),
    );
  }

  // quoteButton(evidence, kind, words) gives a button that shows the words in the text; started()
  // and finished() are called around each drawing.
  show(assessment, { levels, quoteButton, started, finished }) {
    Object.assign(this, { assessment, levels, quoteButton, started, finished });
    this.draw();
  }

  draw() {
    this.started();
    const drawn = [
      this.flags(), this.next(), this.strengths(), this.notification(), this.checklist(),
      this.level(), this.urgency(), this.needs(), this.aside(), this.workedOut(),
    ];
    this.replace(...drawn.filter(Boolean));
    this.finished();
  }

  // Draw again without losing what is open or where the focus is.
  replace(...children) {
    const open = new Set([...this.findings.querySelectorAll("details[open]")].map((each) => each.dataset.key));
    const focused = this.findings.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.findings.replaceChildren(...children);
    for (const each of this.findings.querySelectorAll("details")) each.open = open.has(each.dataset.key);
    if (focused) this.findings.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  flags() {
    const found = this.assessment.safety_flags.filter((flag) => !this.setAside.has(flagKey(flag)));
    const present = found.filter((flag) => flag.assertion === "present");
    const others = found.filter((flag) => flag.assertion !== "present");
    if (!found.length) return null;
    return group("flags", "Safety first",
      present.length ? this.flagList(present) : null,
      others.length ? details("others", "rq-others", "Also mentioned, not as happening now", this.flagList(others)) : null);
  }

  flagList(flags) {
    return h("ul", { class: "rq-findings" }, ...flags.map((flag) => {
      const { name } = this.words.flags[flag.flag];
      return h("li", { class: "rq-finding" },
        h("p", { class: "rq-finding__title" }, h("strong", {}, name), " ",
          h("span", { class: "rq-note" }, flag.doubted ? this.words.doubted : this.words.assertions[flag.assertion])),
        this.quotes([flag], flag.assertion === "present" ? "flag" : null),
        this.verdicts("safety_flag", flag.rule ?? flag.flag, name, flagKey(flag)));
    }));
  }

  next() {
    const { improve } = this.assessment.feedback;
    if (!improve.length) return null;
    return group("next", "Most useful to add next", h("ol", { class: "rq-next" }, ...improve.map((each) =>
      h("li", {}, h("strong", {}, each.add), " ", each.why, " ", h("span", { class: "rq-prompt" }, each.prompt)))));
  }

  strengths() {
    const { strengths } = this.assessment.feedback;
    if (!strengths.length) return null;
    return group("good", "Already good",
      h("ul", { class: "govuk-list govuk-list--bullet" }, ...strengths.map((each) => h("li", {}, each))));
  }

  notification() {
    const found = this.assessment.notification;
    if (!found) return null;
    const heading = "Is a police notification the right route?";
    if (found.appropriate) {
      const because = found.never_inappropriate_because;
      return group("notification", heading,
        small(`It looks like one that the hub wants to see.${because ? ` ${because}` : ""}`));
    }
    const reasons = found.reasons.filter((each) => !this.setAside.has(`notification:${each.reason}`));
    if (!reasons.length) return null;
    return group("notification", heading,
      small("Another route may help this family more. If you are worried about a child, send it all the same: a person at the hub decides."),
      h("ul", { class: "rq-findings" }, ...reasons.map((each) => h("li", { class: "rq-finding" },
        h("p", { class: "rq-finding__title" }, h("strong", {}, this.words.reasons[each.reason])),
        small(each.explanation),
        small(h("strong", {}, "Why this may be wrong:"), " ", each.may_be_wrong),
        this.verdicts("notification", each.reason, this.words.reasons[each.reason], `notification:${each.reason}`)))));
  }

  checklist() {
    const { elements } = this.assessment.completeness;
    const { improve, later } = this.assessment.feedback;
    const wanting = new Map([...improve, ...later].map((each) => [each.element, each]));
    const rows = elements.filter((found) => found.expected && !this.setAside.has(elementKey(found)));
    return group("checklist", "Checklist",
      h("ul", { class: "rq-checklist" }, ...rows.map((found) => this.row(found, wanting.get(found.element)))));
  }

  row(found, advice) {
    const label = capital(this.words.elements[found.element]);
    return h("li", {}, h("details", { "data-key": elementKey(found, { apart: false }) },
      h("summary", { "data-key": `summary ${found.element}` }, h("span", { class: "rq-checklist__label" }, label), " ",
        h("span", { class: `rq-status rq-status--${found.status}` }, this.words.statuses[found.status])),
      h("div", { class: "rq-checklist__inside" },
        this.quotes(found.evidence, "evidence"),
        this.quotes(found.vague ?? [], "vague", "Too vague: "),
        advice ? small(advice.add, " ", h("span", { class: "rq-prompt" }, advice.prompt)) : null,
        this.verdicts("element", found.element, label, elementKey(found)))));
  }

  level() {
    const { level } = this.assessment;
    const key = `level:${level.likely}`;
    if (this.setAside.has(key)) return null;
    return group("level", "What this reads like",
      h("p", { class: "govuk-body-s rq-level" }, h("strong", {}, this.levels[level.likely]), levelRange(level, this.levels)),
      small(`${this.words.certainties[level.certainty]}. A social worker decides the level, not this tool.`),
      this.quotes(level.evidence, null),
      this.verdicts("level", level.likely, "What this reads like", key));
  }

  urgency() {
    const { rating, because } = this.assessment.urgency;
    const key = `urgency:${rating}`;
    if (this.setAside.has(key)) return null;
    return group("urgency", "How soon it may need a response",
      small(h("strong", {}, `${this.words.urgencies[rating]}.`), " ", because.join(" ")),
      this.verdicts("urgency", rating, "How soon it may need a response", key));
  }

  needs() {
    const found = this.assessment.need_domains.filter(({ domain }) => !this.setAside.has(`need:${domain}`));
    if (!found.length) return null;
    return group("needs", "Needs it raises", h("ul", { class: "rq-needs" }, ...found.map(({ domain }) =>
      h("li", {}, this.words.domains[domain], " ", this.verdicts("need_domain", domain, this.words.domains[domain], `need:${domain}`)))));
  }

  aside() {
    const count = this.setAside.size;
    if (!count) return null;
    return h("p", { class: "govuk-body-s rq-aside" },
      `${count === 1 ? "One finding is" : `${count} findings are`} set aside on this page. `,
      link("Show again", "show-again", () => {
        this.setAside.clear();
        this.draw();
        this.findings.parentElement.focus();
      }));
  }

  workedOut() {
    const { level, provenance, not_read: notRead } = this.assessment;
    const likelier = level.probabilities[level.likely] < Math.max(...Object.values(level.probabilities));
    return details("worked-out", "rq-worked-out", "How this was worked out",
      small("Out of ten texts that read like this one, about this many would be at each level:"),
      h("ul", { class: "govuk-list govuk-list--bullet" }, ...Object.entries(level.probabilities).map(([code, probability]) =>
        h("li", {}, `${this.levels[code]}: ${inTen(probability)}`))),
      likelier ? small(`It is said to read like ${this.levels[level.likely]} although another level is likelier, because a child is harmed more when that one is missed.`) : null,
      notRead.length ? small("Not counted, because it says nothing about a child or family:") : null,
      this.quotes(notRead, null),
      small(`Reader ${provenance.reader}; rulebook ${provenance.rulebook}; form ${provenance.form_type}; threshold document ${provenance.framework}.`));
  }

  quotes(evidence, kind, intro = "") {
    if (!evidence.length) return null;
    return h("ul", { class: "rq-quotes" }, ...evidence.map((each) =>
      h("li", {}, intro, this.quoteButton(each, kind, shortened(each.quote)))));
  }

  verdicts(kind, code, name, key) {
    const judge = (verdict) => () => {
      this.setAside.add(key);
      this.judged(kind, code, verdict);
      this.draw();
      this.findings.parentElement.focus(); // the button that was pressed is gone
    };
    return h("span", { class: "rq-verdicts" },
      link("Dismiss", `dismiss ${key}`, judge("dismissed"), name), " ",
      link("This is wrong", `wrong ${key}`, judge("wrong"), name));
  }
}

function group(kind, heading, ...children) {
  return h("section", { class: `rq-group rq-group--${kind}` }, h("h3", { class: "govuk-heading-s" }, heading), ...children);
}

function details(key, style, summary, ...children) {
  return h("details", { class: `govuk-details ${style}`, "data-key": key },
    h("summary", { class: "govuk-details__summary", "data-key": `summary ${key}` }, h("span", { class: "govuk-details__summary-text" }, summary)),
    h("div", { class: "govuk-details__text" }, ...children));
}

function small(...children) {
  return h("p", { class: "govuk-body-s" }, ...children);
}

function link(text, key, click, about) {
  return h("button", { type: "button", class: "rq-link", "data-key": key, click }, text,
    about ? h("span", { class: "govuk-visually-hidden" }, `: ${about}`) : null);
}

function flagKey({ flag, assertion, quote }) {
  return `flag:${flag}:${assertion}:${quote}`;
}

// A finding set aside comes back when its status changes; an open row stays open.
function elementKey({ element, status }, { apart = true } = {}) {
  return apart ? `element:${element}:${status}` : `element:${element}`;
}

function levelRange({ likely, plausible }, names) {
  const others = plausible.filter((each) => each !== likely).map((each) => names[each]);
  if (!others.length) return ".";
  if (others.length === 1) return `. It could also be ${others[0]}.`;
  return `. It could be anything from ${names[plausible[0]]} to ${names[plausible.at(-1)]}.`;
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shortened(words) {
  if (words.length <= LONGEST_QUOTE) return words;
  return `${words.slice(0, LONGEST_QUOTE).replace(/\s+\S*$/u, "")}\u2026`;
}

function inTen(probability) {
  const count = Math.round(10 * probability);
  if (count === 0) return "fewer than 1";
  return count === 10 ? "all but a few" : `about ${count}`;
}
