// Part 6 of 6: the conversation, and what a person does.

function place(turn) {
  const body = make("div", { class: "lq-body", lang: "ko" });
  const kind = turn.error ? "lq-problem" : refused(turn) ? "lq-abstained" : "";
  const reply = make("div", { class: `lq-answer ${kind}`, role: "group", "data-label": "answer" }, body);
  turns.append(make("article", {}, make("p", { class: "lq-asked" }, make("span", { class: "lq-hidden", "data-text": "you" }), turn.question), reply));
  find(".lq-welcome").hidden = true;
  return { reply, body };
}
const refused = (turn) => turn.answer?.abstained && !turn.answer.talk;
// What the page itself says, in the page's language; anything else of an answer is the lesson's.
function wordsOf(turn, text) {
  const { ko, en } = turn.answer.said || {};
  return ko ? make("p", { "data-ko": ko, "data-en": en }) : lines(text, turn.answer);
}
function understood(turn, reply) {
  if (!turn.answer.understood) return;
  reply.prepend(make("p", { class: "lq-understood" }, make("span", { "data-text": "understood" }), `: ${turn.answer.understood}`));
}
// The latest turn in view: its end, or its beginning when it is taller than the view.
function end() {
  const latest = turns.lastElementChild;
  if (!latest) return;
  const top = log.scrollTop + latest.getBoundingClientRect().top - log.getBoundingClientRect().top;
  log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, top - 16);
}
const pause = (time) => new Promise((resume) => setTimeout(resume, time));

async function ask(text) {
  const question = text.trim();
  if (!question || state.asking) return;
  const asking = (state.asking = new AbortController());
  const history = state.turns.filter((t) => t.answer).map((t) => t.question).slice(-8);
  const turn = { question, history, sources: [...state.chosen] }, { reply, body } = place(turn);
  busy(true);
  reply.setAttribute("aria-busy", "true"); // read out when it is whole
  body.append(make("p", { class: "lq-thinking", "data-text": "thinking" }));
  end();
  try {
    const result = await call("turn", [question, history, turn.sources], asking.signal);
    if (result.generation !== config.library.generation) await refresh();
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
  keepTurns();
  reply.removeAttribute("aria-busy");
  state.asking = null;
  busy(false);
  end();
}
async function reveal(turn, reply, body, signal) {
  const words = turn.answer.answer.match(/\s*(?:- )?\S+/g) || [];
  const step = still.matches ? words.length : Math.ceil(words.length / REVEAL_STEPS);
  if (refused(turn)) reply.classList.add("lq-abstained");
  understood(turn, reply);
  for (let shown = step; ; shown += step) {
    body.replaceChildren(wordsOf(turn, words.slice(0, shown).join("")));
    end();
    if (shown >= words.length) break;
    await pause(REVEAL_PAUSE);
    signal.throwIfAborted();
  }
  finish(turn, reply);
}
function again(turn) {
  const retry = button({ class: "lq-quiet", "data-text": "again" });
  retry.addEventListener("click", () => ask(turn.question));
  return retry;
}
function finish(turn, reply) {
  reply.append(...extras(turn));
  if (!turn.answer.citations.length || phone.matches) return;
  show(turn.answer.citations[0].source, turn.answer.citations[0].sha256).then(() => { light(turn.answer); bring(page.querySelector("mark")); });
}
function stopped(turn, body) {
  delete turn.answer;
  body.querySelector(".lq-thinking")?.remove();
  body.append(make("p", { class: "lq-thinking", "data-text": "stopped" }), again(turn));
  turn.stopped = true;
}
function problem(turn, reply, body, words) {
  turn.error = words;
  reply.classList.add("lq-problem");
  body.replaceChildren(make("p", { "data-ko": words.ko, "data-en": words.en }), again(turn));
}
function restore(turn) {
  const { reply, body } = place(turn);
  if (turn.error) return problem(turn, reply, body, turn.error);
  if (turn.stopped) return stopped(turn, body);
  understood(turn, reply);
  body.append(wordsOf(turn, turn.answer.answer));
  reply.append(...extras(turn));
}
function begin() {
  state.asking?.abort();
  state.asking = null;
  if (state.turns.length) state.previous = state.turns;
  state.turns = [];
  keepTurns();
  find("[data-do=undo]").hidden = !state.previous;
  turns.replaceChildren();
  find(".lq-welcome").hidden = false;
  busy(false);
  light(null);
  box.focus();
}
function undo() {
  state.turns = state.previous || [];
  state.previous = null;
  find("[data-do=undo]").hidden = true;
  state.turns.forEach(restore);
  keepTurns();
  end();
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
  if (state.asking || !box.value.trim() || tooLong()) return;
  const question = box.value;
  box.value = "";
  fit();
  ask(question);
}
function fit() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  const length = find("#lq-length"), over = tooLong();
  length.textContent = over ? config.texts.too_long[state.language].replace("{over}", over.toLocaleString()) : "";
  box.setAttribute("aria-invalid", String(over > 0));
}
// By how many characters; nothing is cut off a question, so that its writer can shorten it.
function tooLong() { return Math.max(0, [...box.value.trim()].length - config.longest); }

box.addEventListener("input", fit);
let shifted = false, composing = false, sendAfter = false;
box.addEventListener("keydown", (event) => {
  shifted = event.shiftKey;
  // While an input method composes a syllable, Enter belongs to it (229: how Safari says so).
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!event.repeat) submit();
});
// With Korean input methods the Enter that ends a syllable goes on to break the line: it was meant
// to send, once the syllable is in the box. Others keep the Enter to themselves, and nothing is sent.
box.addEventListener("compositionstart", () => { composing = true; });
box.addEventListener("compositionend", () => {
  composing = false;
  if (sendAfter) setTimeout(submit);
  sendAfter = false;
});
box.addEventListener("beforeinput", (event) => {
  if (event.inputType !== "insertLineBreak" || shifted) return;
  event.preventDefault();
  if (composing) sendAfter = true;
  else submit();
});
find("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (!tip.hidden) unhint();
  else if (findAll(".lq-menu[open]").length) closeMenus();
  else if (root.classList.contains("lq-sheet")) sheet(false);
  else state.asking?.abort();
});
function closeMenus(except) {
  for (const menu of findAll(".lq-menu[open]")) {
    if (menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}
document.addEventListener("click", (event) => {
  closeMenus(event.target);
  if (event.target === root) sheet(false); // beside the sheet
});
const actions = {
  lesson: (from) => sheet(true, from),
  close: () => sheet(false),
  new: begin,
  undo,
  stop: () => state.asking?.abort(),
  previous: () => search(-1),
  next: () => search(1),
  markdown: () => { save("lesson-qa.md", "text/markdown", asMarkdown()); closeMenus(); },
  json: () => { save("lesson-qa.json", "application/json", asJson()); closeMenus(); },
  theme: () => {
    const dark = !document.body.classList.contains("dark");
    remember("localStorage", "lq-theme", dark ? "dark" : "light");
    dress(dark);
  },
  language: () => speak(state.language === "ko" ? "en" : "ko"),
};
findAll("[data-do]").forEach((node) => node.addEventListener("click", () => actions[node.dataset.do](node)));
find(".lq-documents").addEventListener("change", (event) => show(event.target.value).then(() => light(state.cited)));
log.addEventListener("scroll", unhint);
phone.addEventListener("change", () => sheet(false));

find(".lq-badges").append(make("span", { class: "lq-device" }, config.device), make("span", {}, make("span", { "data-text": "generation" }), make("span", { class: "lq-generation" })));
notices(config.notices);
try {
  const kept = JSON.parse(remembered("sessionStorage", "lq-turns") || "{}");
  (kept.turns || []).forEach((turn) => { restore(turn); state.turns.push(turn); });
  state.chosen = (kept.chosen || []).filter((source) => typeof source === "string");
  end();
} catch { begin(); } // not something this page wrote
reading();
choices();
speak(state.language);
find("[data-teacher]").hidden = !config.teacher;
dress((remembered("localStorage", "lq-theme") || (document.body.classList.contains("dark") ? "dark" : "")) === "dark");
show(config.library.lessons[0].source).then(refresh); // rebuilt since the page was made, perhaps
if (!phone.matches) box.focus();
