// A textarea that grows with its text, with a mirror behind it that marks words.
// The mirror is decoration: the panel says the same in words.

import { element } from "/static/refer/element.js";

const BORDERS = 4; // pixels, both together
const STRONGEST_FIRST = ["flag", "vague", "evidence"];

export class Editor {
  constructor(textarea, { changed }) {
    this.textarea = textarea;
    this.stretches = [];
    this.before = textarea.value;
    this.mirror = element("div", { class: "rq-mirror govuk-textarea", "aria-hidden": "true" });
    const frame = element("div", { class: "rq-editor" });
    textarea.replaceWith(frame);
    frame.append(this.mirror, textarea);
    textarea.addEventListener("input", () => {
      this.stretches.forEach((stretch) => stretch.follow(this.before, textarea.value));
      this.fit();
      changed();
    });
    textarea.addEventListener("scroll", () => this.scroll());
    new ResizeObserver(() => this.paint()).observe(textarea);
    this.fit();
  }

  mark(stretches) {
    this.stretches = stretches;
    this.fit();
  }

  // Set the words by script, as an upload does.
  fill(text) {
    this.textarea.value = text;
    this.stretches = [];
    this.fit();
  }

  fit() {
    const { textarea } = this;
    this.before = textarea.value;
    textarea.style.height = "auto";
    textarea.style.height = `${textarea.scrollHeight + BORDERS}px`;
    this.paint();
  }

  paint() {
    const { textarea, mirror } = this;
    // Without the scroll bar, and to the fraction of a pixel: half of one moves a word to the next line.
    const scrollBar = textarea.offsetWidth - textarea.clientWidth - BORDERS;
    mirror.style.width = `${textarea.getBoundingClientRect().width - scrollBar}px`;
    mirror.replaceChildren(...this.pieces(), "\u200b"); // gives a last empty line its height
    this.scroll();
  }

  scroll() {
    this.mirror.scrollTop = this.textarea.scrollTop;
  }

  pieces() {
    const text = this.textarea.value;
    const whole = this.stretches.filter((stretch) => stretch.whole);
    const edges = new Set([0, text.length, ...whole.flatMap(({ start, end }) => [start, end])]);
    const cuts = [...edges].filter((edge) => edge <= text.length).sort((a, b) => a - b);
    return cuts.slice(0, -1).map((from, at) => {
      const to = cuts[at + 1];
      const kinds = whole.filter(({ start, end }) => start <= from && end >= to);
      const kind = STRONGEST_FIRST.find((each) => kinds.some((stretch) => stretch.kind === each));
      const words = text.slice(from, to);
      return kind ? element("mark", { class: `rq-mark rq-mark--${kind}` }, words) : words;
    });
  }

  // Focus the textarea, select start..end and bring it into view.
  show(start, end) {
    const { textarea, mirror } = this;
    textarea.focus({ preventScroll: true });
    textarea.setSelectionRange(start, end);
    const place = this.rangeOf(start, end).getBoundingClientRect();
    const inside = place.top - mirror.getBoundingClientRect().top + mirror.scrollTop;
    textarea.scrollTop = Math.max(0, inside - textarea.clientHeight / 3);
    this.scroll();
    const now = this.rangeOf(start, end).getBoundingClientRect();
    const room = window.innerHeight;
    if (now.top < 60 || now.bottom > room - 60) window.scrollBy({ top: now.top - room / 3 });
  }

  rangeOf(start, end) {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.mirror, NodeFilter.SHOW_TEXT);
    let passed = 0;
    let begun = false;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const last = passed + node.length;
      if (!begun && start < last) {
        range.setStart(node, start - passed);
        begun = true;
      }
      if (begun && end <= last) {
        range.setEnd(node, end - passed);
        break;
      }
      passed = last;
    }
    return range;
  }
}
