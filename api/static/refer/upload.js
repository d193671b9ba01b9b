// A form's file to its text and sections, and those to the boxes of a layout.

const FAILED = "This file could not be read just now. You can paste its text instead.";

// Give { text, sections }; throws an error whose message is for the writer.
export async function readFile(file) {
  const body = new FormData();
  body.append("file", file, "form"); // its own name may hold a child's, so it is not sent
  body.append("offset_unit", "utf16");
  let answer;
  let content;
  try {
    answer = await fetch("/api/v1/documents", { method: "POST", body });
    content = await answer.json();
  } catch {
    throw new Error(FAILED);
  }
  if (!answer.ok) throw new Error(content.error?.message ?? FAILED);
  return content;
}

// Give the text for each box, in order; what is under no heading that we know goes in the first.
export function shareOut(layout, { text, sections }) {
  if (layout.boxes.length === 1) return [text];
  const parts = layout.boxes.map(() => []);
  for (const { kind, heading, start, end } of sections) {
    const found = layout.boxes.findIndex((box) => box.sections.includes(kind));
    const at = Math.max(0, found);
    const whole = text.slice(start, end).trim();
    const body = heading === null ? whole : text.slice(start + heading.length, end).trim();
    const said = heading !== null && letters(layout.boxes[at].title).includes(letters(heading));
    if (body) parts[at].push(said ? body : whole);
  }
  return parts.map((words) => words.join("\n\n"));
}

function letters(words) {
  return words.toLowerCase().replace(/[^\p{L}]/gu, "");
}
