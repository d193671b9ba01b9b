// The boxes of the form as one text, and where a stretch of that text stands in its box.
// Offsets count UTF-16 units, as textareas do. api/referral_form.py joins boxes likewise.

export class Draft {
  constructor(boxes) {
    this.boxes = boxes; // [{ textarea, title }] in the order of the form
  }

  // The whole text, and where each box's own words begin in it.
  join() {
    if (this.boxes.length === 1) {
      const [{ textarea }] = this.boxes;
      return { text: textarea.value, places: [{ textarea, start: 0, end: textarea.value.length }] };
    }
    let text = "";
    const places = [];
    for (const { textarea, title } of this.boxes) {
      if (!textarea.value.trim()) continue;
      text += `${text ? "\n\n" : ""}${title}\n`;
      const start = text.length;
      text += textarea.value;
      places.push({ textarea, start, end: text.length });
    }
    return { text, places };
  }
}

// A stretch of one box that follows its words while the box is edited.
export class Stretch {
  constructor(textarea, start, end, kind) {
    Object.assign(this, { textarea, start, end, kind, whole: true });
    this.words = textarea.value.slice(start, end);
  }

  // The box changed from `before` to `after`: move with the words, or lose them.
  follow(before, after) {
    const most = Math.min(before.length, after.length);
    let same = 0;
    while (same < most && before[same] === after[same]) same += 1;
    let tail = 0;
    while (tail < most - same && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    if (this.end <= same) return;
    if (this.start >= before.length - tail) {
      this.start += after.length - before.length;
      this.end += after.length - before.length;
    } else {
      this.whole = false;
    }
  }

  // Where the words are now; null where they are gone.
  find() {
    if (this.whole) return this;
    const start = this.textarea.value.indexOf(this.words);
    return start < 0 ? null : { start, end: start + this.words.length };
  }
}

// Put the stretch start..end of the whole text where it stands; null where it is in no box.
export function toStretch(places, start, end, kind) {
  for (const place of places) {
    if (start < place.end && end > place.start) {
      const from = Math.max(start, place.start) - place.start;
      const to = Math.min(end, place.end) - place.start;
      return new Stretch(place.textarea, from, to, kind);
    }
  }
  return null;
}
