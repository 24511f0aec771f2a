// Texts that players have written.

/** An element with a text, which reorders nothing around it: also not by characters that override directions (as `isolate` in templates). */
export function isolated(text, className = "") {
  const element = document.createElement("bdi");
  element.textContent = (text ?? "").replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  element.className = className;
  return element;
}
