// Part 2 of 6: the lesson pane, and the cited words lit in it.

const documents = new Map(); // sha256 to a promise of {html, changed}: the same bytes, the same page
async function show(source, sha256 = config.library.lessons.find((one) => one.source === source)?.sha256) {
  if (state.source === source && state.sha256 === sha256) return;
  const key = `${source} ${sha256}`;
  if (!documents.has(key)) documents.set(key, call("lesson", [source, sha256]));
  let words = {};
  try { words = await documents.get(key); } catch { /* told below */ }
  if (!words.html) {
    documents.delete(key);
    state.source = state.sha256 = "";
    page.replaceChildren(make("p", { "data-text": words.changed ? "lesson_changed" : "no_lesson" }));
    return;
  }
  page.innerHTML = words.html;
  page.scrollTop = 0;
  Object.assign(state, { source, sha256 });
  find(".lq-documents").value = source;
  if (finder.value) search(1);
  find(".lq-contents ol").replaceChildren(...[...page.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(entry));
}
function entry(heading) {
  const link = button({}, heading.textContent);
  link.addEventListener("click", () => {
    find(".lq-contents").open = false;
    heading.scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
  });
  return make("li", { class: `lq-${heading.localName}` }, link);
}

// Lights the characters [start, end) of the shown document, for each of the answer's citations.
function light(answer) {
  page.querySelectorAll("mark").forEach((mark) => mark.replaceWith(...mark.childNodes));
  page.normalize();
  state.cited = answer;
  const cited = answer ? answer.citations.filter((c) => c.source === state.source && c.sha256 === state.sha256) : [];
  for (const span of cited.length ? page.querySelectorAll("[data-at]") : []) lightPiece(span, cited);
}
function lightPiece(span, cited) {
  const at = +span.dataset.at, whole = span.dataset.to !== undefined;
  const letters = Array.from(span.textContent); // by code point, as the offsets count
  const to = whole ? +span.dataset.to : at + letters.length;
  const over = cited.filter((c) => c.start < to && c.end > at);
  if (!over.length) return;
  const cuts = whole ? [at, to] : [...new Set([at, to, ...over.flatMap((c) => [c.start, c.end])])]
    .filter((cut) => at <= cut && cut <= to).sort((a, b) => a - b);
  span.replaceChildren(...cuts.slice(1).map((end, i) => {
    const words = whole ? span.textContent : letters.slice(cuts[i] - at, end - at).join("");
    const numbers = over.filter((c) => c.start < end && c.end > cuts[i]).map((c) => c.number);
    return numbers.length ? make("mark", { "data-citation": numbers.join(" ") }, words) : words;
  }));
}
async function open(answer, citation, from) {
  if (phone.matches) sheet(true, from);
  await show(citation.source, citation.sha256);
  light(answer);
  findAll(".lq-cite").forEach((cite) => cite.classList.toggle(
    "lq-active", cite.answer === answer && +cite.dataset.number === citation.number));
  const marks = [...page.querySelectorAll(`mark[data-citation~="${citation.number}"]`)];
  marks.forEach((mark) => mark.classList.add("lq-active"));
  bring(marks[0]);
}
function bring(mark) { // scrolls the pane only, never the page around it
  if (!mark) return;
  const top = mark.getBoundingClientRect().top - page.getBoundingClientRect().top;
  const behavior = still.matches ? "auto" : "smooth";
  page.scrollTo({ top: page.scrollTop + top - page.clientHeight / 3, behavior });
}
function sheet(opened, from) {
  const over = opened && phone.matches;
  root.classList.toggle("lq-sheet", over);
  [find(".lq-top"), find(".lq-chat")].forEach((part) => { part.inert = over; });
  over ? pane.setAttribute("role", "dialog") : pane.removeAttribute("role");
  over ? pane.setAttribute("aria-modal", "true") : pane.removeAttribute("aria-modal");
  if (over) { state.opener = from; find("[data-do=close]").focus(); }
  else if (state.opener) { state.opener.focus(); state.opener = null; }
}
