// The chat page. Gradio runs this once, as the body of a function of `element`, when the page's
// markup (page.html) is there. The conversation lives in this browser tab; the server keeps none.
// Text from the lesson, questions and answers enters the page as text nodes only; the one innerHTML
// is the lesson, which the server has escaped.

const root = element.querySelector("#lesson-qa");
const config = JSON.parse(root.dataset.config);
const find = (selector) => root.querySelector(selector);
const findAll = (selector) => [...root.querySelectorAll(selector)];
const log = find(".lq-log"), turns = find(".lq-turns"), box = find("#lq-question");
const pane = find(".lq-lesson"), page = find(".lq-document"), tip = find(".lq-tip");
const phone = window.matchMedia("(max-width: 860px)");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const REVEAL_STEPS = 14, REVEAL_PAUSE = 30; // an answer appears in at most this many pieces, ms apart

const state = {
  language: remembered("localStorage", "lq-language") === "en" ? "en" : "ko",
  turns: [], // {question, answer} or {question, error}; what the next question may refer to
  asking: null, // AbortController of the question being answered
  source: "", // document shown in the lesson pane
  cited: null, // the answer whose citations are lit
  opener: null, // what had the focus when the lesson sheet was opened
};

function remembered(storage, key) {
  try { return window[storage].getItem(key); } catch { return null; } // storage may be forbidden
}
function remember(storage, key, value) {
  try { window[storage].setItem(key, value); } catch { /* then nothing is remembered */ }
}

// --- Elements and words -----------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  say(node);
  return node;
}
const button = (attributes, ...children) => make("button", { type: "button", ...attributes }, ...children);

// data-text, data-label and data-placeholder name a text; data-ko and data-en hold one.
function say(node) {
  const { text, label, placeholder, ko, en } = node.dataset, language = state.language;
  if (text) node.textContent = config.texts[text][language];
  else if (ko) node.textContent = { ko, en }[language];
  if (label) node.setAttribute("aria-label", config.texts[label][language] + (node.dataset.about || ""));
  if (placeholder) node.placeholder = config.texts[placeholder][language];
}
function speak(language) {
  state.language = language;
  document.documentElement.lang = language;
  document.title = config.texts.title[language];
  findAll("[data-text], [data-label], [data-placeholder], [data-ko]").forEach(say);
  remember("localStorage", "lq-language", language);
}

// --- The server ---------------------------------------------------------------------------------

class PageError extends Error { constructor(words) { super(words.en); this.words = words; } }

// One call of a Gradio endpoint over its documented HTTP interface: post, then read the event.
async function call(name, data, signal) {
  const address = new URL(`gradio_api/call/${name}`, document.baseURI);
  let response;
  try {
    response = await fetch(address, {
      method: "POST", signal, headers: { "content-type": "application/json" },
      body: JSON.stringify({ data }),
    });
    if (response.status === 503) throw new PageError(config.texts.busy);
    if (!response.ok) throw new PageError(config.texts.failed);
    const { event_id } = await response.json();
    response = await (await fetch(`${address}/${event_id}`, { signal })).text();
  } catch (error) {
    if (error instanceof PageError || error.name === "AbortError") throw error;
    throw new PageError(config.texts.offline);
  }
  const done = response.match(/event: complete\r?\ndata: (.*)/);
  if (!done) throw new PageError(config.texts.failed);
  return JSON.parse(done[1])[0];
}

// --- The lesson -----------------------------------------------------------------------------------

const documents = new Map(); // source to a promise of its HTML
async function show(source) {
  if (state.source === source) return;
  if (!documents.has(source)) documents.set(source, call("lesson", [source]));
  let words;
  try { words = (await documents.get(source)).html; } catch { documents.delete(source); }
  if (!words) {
    page.replaceChildren(make("p", { "data-text": "no_lesson" }));
    return;
  }
  page.innerHTML = words;
  page.scrollTop = 0;
  state.source = find(".lq-documents").value = source;
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
  const cited = answer ? answer.citations.filter((c) => c.source === state.source) : [];
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
  await show(citation.source);
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

// --- An answer ------------------------------------------------------------------------------------

function cite(number, answer) {
  const citation = answer.citations.find((c) => c.number === number);
  if (!citation) return `[${number}]`;
  const mark = button({ class: "lq-cite", "data-number": number, "data-label": "see_source", "data-about": ` ${number}`, "aria-describedby": "lq-tip" }, `${number}`);
  mark.answer = answer;
  mark.addEventListener("click", () => open(answer, citation, mark));
  for (const event of ["mouseenter", "focus"]) mark.addEventListener(event, () => hint(mark, citation.plain));
  for (const event of ["mouseleave", "blur"]) mark.addEventListener(event, () => { tip.hidden = true; });
  return mark;
}
function hint(mark, words) {
  tip.textContent = words;
  tip.hidden = false;
  const { left, bottom, top } = mark.getBoundingClientRect();
  const below = bottom + tip.offsetHeight + 12 < window.innerHeight;
  tip.style.left = `${Math.max(8, Math.min(left, window.innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${below ? bottom + 6 : top - tip.offsetHeight - 6}px`;
}
// The text of an answer: paragraphs, "- " bullets indented by two spaces a level, [n] markers.
function lines(text, answer) {
  const top = document.createDocumentFragment(), lists = [];
  for (const line of text.split("\n")) {
    const [, indent, words] = line.match(/^( *)- (.*)$/) || [null, "", line];
    const depth = words === line ? 0 : Math.min(indent.length / 2 + 1, lists.length + 1);
    lists.length = Math.min(lists.length, depth);
    if (depth > lists.length) {
      const list = make("ul");
      (lists.length ? lists.at(-1).lastChild : top).append(list);
      lists.push(list);
    }
    const inside = words.split(/\[(\d+)\]/).map((part, i) => (i % 2 ? cite(+part, answer) : part));
    (depth ? lists.at(-1) : top).append(make(depth ? "li" : "p", {}, ...inside));
  }
  return top;
}
function sources(answer) {
  const list = make("ol", { class: "lq-sources" });
  let above = "";
  for (const citation of answer.citations) {
    const place = [citation.source, ...citation.heading].join(" › ");
    if (place !== above) list.append(make("li", { class: "lq-place" }, (above = place)));
    const row = button({ class: "lq-source" }, make("b", {}, `${citation.number}`), make("span", {}, citation.plain));
    row.addEventListener("click", () => open(answer, citation, row));
    list.append(make("li", {}, row));
  }
  const count = make("span", {}, ` ${answer.citations.length}`);
  const fold = make("details", { class: "lq-fold" }, make("summary", {}, make("span", { "data-text": "sources" }), count), list);
  fold.open = answer.citations.length <= 3; // a long answer repeats its sources: one click away
  return fold;
}
function chips(questions) {
  return questions.map((question) => {
    const chip = button({ class: "lq-chip" }, question);
    chip.addEventListener("click", () => ask(question));
    return make("li", {}, chip);
  });
}
function extras(turn) {
  const answer = turn.answer, parts = [];
  if (answer.citations.length) parts.push(sources(answer), copyButton(turn));
  if (answer.suggestions.length) {
    const heading = answer.abstained ? "instead" : "next";
    parts.push(make("p", { class: "lq-next", "data-text": heading }), make("ul", { class: "lq-chips" }, ...chips(answer.suggestions)));
  }
  return parts;
}
function copyButton(turn) {
  const copy = button({ class: "lq-quiet", "data-text": "copy" });
  const sourcesOf = turn.answer.citations.map((c) => `[${c.number}] ${[c.source, ...c.heading].join(" › ")}\n    ${c.plain}`);
  copy.addEventListener("click", async () => {
    let done = "copied";
    try { await navigator.clipboard.writeText([turn.question, turn.answer.answer, ...sourcesOf].join("\n\n")); }
    catch { done = "copy_failed"; } // no permission, or a page served without https
    copy.dataset.text = done; say(copy);
    setTimeout(() => { copy.dataset.text = "copy"; say(copy); }, 2000);
  });
  return copy;
}

// --- The conversation -----------------------------------------------------------------------------

function place(turn) {
  const body = make("div", { class: "lq-body" });
  const kind = turn.error ? "lq-problem" : turn.answer?.abstained ? "lq-abstained" : "";
  const reply = make("div", { class: `lq-answer ${kind}`, role: "group", "data-label": "answer" }, body);
  turns.append(make("article", {}, make("p", { class: "lq-asked" }, make("span", { class: "lq-hidden", "data-text": "you" }), turn.question), reply));
  find(".lq-welcome").hidden = true;
  return { reply, body };
}
function understood(turn, reply) {
  if (!turn.answer.understood) return;
  reply.prepend(make("p", { class: "lq-understood" }, make("span", { "data-text": "understood" }), `: ${turn.answer.understood}`));
}
function end() { log.scrollTo({ top: log.scrollHeight }); }
const pause = (time) => new Promise((resume) => setTimeout(resume, time));

async function ask(text) {
  const question = text.trim();
  if (!question || state.asking) return;
  const asking = (state.asking = new AbortController());
  const turn = { question }, { reply, body } = place(turn);
  busy(true);
  reply.setAttribute("aria-busy", "true"); // read out when it is whole
  body.append(make("p", { class: "lq-thinking", "data-text": "thinking" }));
  end();
  try {
    const history = state.turns.filter((t) => t.answer).map((t) => t.question).slice(-8);
    const result = await call("turn", [question, history], asking.signal);
    notices(result.notices);
    if (result.error) throw new PageError(result.error);
    turn.answer = result.answer;
    await reveal(turn, reply, body, asking.signal);
  } catch (error) {
    if (error.name === "AbortError") stopped(turn, body);
    else problem(turn, reply, body, error.words || config.texts.failed);
  }
  if (state.asking !== asking) return; // a new conversation was begun meanwhile
  state.turns.push(turn);
  remember("sessionStorage", "lq-turns", JSON.stringify({ generation: config.generation, turns: state.turns }));
  reply.removeAttribute("aria-busy");
  state.asking = null;
  busy(false);
  end();
}
async function reveal(turn, reply, body, signal) {
  const words = turn.answer.answer.match(/\s*\S+/g) || [];
  const step = still.matches ? words.length : Math.ceil(words.length / REVEAL_STEPS);
  if (turn.answer.abstained) reply.classList.add("lq-abstained");
  understood(turn, reply);
  for (let shown = step; ; shown += step) {
    body.replaceChildren(lines(words.slice(0, shown).join(""), turn.answer));
    end();
    if (shown >= words.length) break;
    await pause(REVEAL_PAUSE);
    signal.throwIfAborted();
  }
  finish(turn, reply);
}
function finish(turn, reply) {
  reply.append(...extras(turn));
  if (!turn.answer.citations.length || phone.matches) return;
  show(turn.answer.citations[0].source).then(() => { light(turn.answer); bring(page.querySelector("mark")); });
}
function stopped(turn, body) {
  delete turn.answer;
  body.querySelector(".lq-thinking")?.remove();
  body.append(make("p", { class: "lq-thinking", "data-text": "stopped" }));
  turn.stopped = true;
}
function problem(turn, reply, body, words) {
  turn.error = words;
  reply.classList.add("lq-problem");
  body.replaceChildren(make("p", { "data-ko": words.ko, "data-en": words.en }));
}
function restore(turn) {
  const { reply, body } = place(turn);
  if (turn.error) return problem(turn, reply, body, turn.error);
  if (turn.stopped) return stopped(turn, body);
  understood(turn, reply);
  body.append(lines(turn.answer.answer, turn.answer));
  reply.append(...extras(turn));
}
function begin() {
  state.asking?.abort();
  state.asking = null;
  state.turns = [];
  remember("sessionStorage", "lq-turns", "{}");
  turns.replaceChildren();
  find(".lq-welcome").hidden = false;
  busy(false);
  light(null);
  box.focus();
}
function busy(now) {
  find("[data-do=stop]").hidden = !now;
  find("[type=submit]").hidden = now;
  findAll(".lq-chip").forEach((chip) => { chip.disabled = now; });
}
function notices(all) {
  find(".lq-notices").hidden = !all.length;
  find(".lq-notices").replaceChildren(...all.map(({ ko, en }) => make("li", { "data-ko": ko, "data-en": en })));
}

// --- What a person does -----------------------------------------------------------------------------

function submit() {
  if (state.asking || !box.value.trim()) return;
  const question = box.value;
  box.value = "";
  fit();
  ask(question);
}
function fit() { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight, 160)}px`; }

box.addEventListener("input", fit);
box.addEventListener("keydown", (event) => {
  // While an input method composes a syllable, Enter belongs to it (229: how Safari says so).
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!event.repeat) submit();
});
find("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (!tip.hidden) tip.hidden = true;
  else if (root.classList.contains("lq-sheet")) sheet(false);
  else state.asking?.abort();
});
const actions = {
  lesson: (from) => sheet(true, from),
  close: () => sheet(false),
  new: begin,
  stop: () => state.asking?.abort(),
  language: () => speak(state.language === "ko" ? "en" : "ko"),
};
findAll("[data-do]").forEach((node) => node.addEventListener("click", () => actions[node.dataset.do](node)));
find(".lq-documents").addEventListener("change", (event) => show(event.target.value).then(() => light(state.cited)));
log.addEventListener("scroll", () => { tip.hidden = true; });
phone.addEventListener("change", () => sheet(false));

box.maxLength = config.longest;
find(".lq-examples").append(...chips(config.examples));
find(".lq-documents").append(...config.sources.map((source) => make("option", { value: source }, source)));
find(".lq-documents").hidden = config.sources.length < 2;
find(".lq-badges").append(make("span", { class: "lq-device" }, config.device), make("span", {}, make("span", { "data-text": "generation" }), ` ${config.generation}`));
notices(config.notices);
try {
  const kept = JSON.parse(remembered("sessionStorage", "lq-turns") || "{}");
  if (kept.generation === config.generation) { state.turns = kept.turns; kept.turns.forEach(restore); end(); }
} catch { begin(); } // not something this page wrote
speak(state.language);
show(config.sources[0]);
if (!phone.matches) box.focus();
