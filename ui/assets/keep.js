// Part 5 of 6: what is kept of a conversation: an opinion, a copy, a file, and which lessons to ask.

function opinionOf(turn) {
  const both = make("span", { class: "lq-opinion" }), after = make("div", { class: "lq-reason", hidden: "" });
  const told = make("span", { role: "status" });
  const words = make("input", { type: "text", maxlength: "1000", "data-label": "reason", "data-placeholder": "reason" });
  const send = button({ class: "lq-button", "data-text": "reason_send" });
  // The click alone counts; a reason, or the other thumb, takes the place of what was told before.
  turn.mark ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  let before = Promise.resolve();
  const tell = (reason, thanks) => (before = before.then(async () => {
    const result = await call("feedback", [turn.question, turn.history || [], turn.sources || [], turn.liked, reason, turn.mark]).catch((error) => ({ error: error.words || config.texts.failed }));
    const { ko, en } = result.error || thanks;
    Object.assign(told.dataset, { ko, en });
    say(told);
    if (!result.error && reason) { words.remove(); send.remove(); }
  }));
  const press = () => [like, dislike].forEach((one, i) => one.setAttribute("aria-pressed", String(turn.liked === !i)));
  const [like, dislike] = ["like", "dislike"].map((name, i) => {
    const one = button({ class: "lq-quiet lq-thumb", "data-text": name });
    one.addEventListener("click", () => {
      turn.liked = !i;
      press();
      keepTurns();
      after.replaceChildren(told, words, send);
      after.hidden = false;
      words.focus();
      tell("", config.texts.counted);
    });
    return one;
  });
  press();
  send.addEventListener("click", () => tell(words.value.trim(), config.texts.thanks));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); send.click(); }
  });
  both.append(like, dislike);
  return [both, after];
}

// --- The conversation as a file --------------------------------------------------------------------

function answered() { return state.turns.filter((turn) => turn.answer); }
function asMarkdown() {
  const place = (c) => [c.source, ...c.heading].join(" › ");
  const parts = answered().map(({ question, answer }) => [
    `## ${question}`,
    answer.answer,
    answer.citations.map((c) => `- [${c.number}] ${place(c)} (${c.start}–${c.end})\n${quoted(c.quote)}`).join("\n"),
  ].filter(Boolean).join("\n\n"));
  return `# ${config.texts.title[state.language]}\n\n${parts.join("\n\n")}\n`;
}
function quoted(text) { return text.split(/\r\n?|\n/).map((line) => `  > ${line}`).join("\n"); }
function asJson() {
  const fields = ["id", "question", "answer", "abstained", "citations", "generator", "elapsed_ms"];
  const citation = ({ plain, sha256, code, page_name, ...rest }) => rest; // the answer object as everywhere else
  return `${JSON.stringify(answered().map(({ answer }) => ({
    ...Object.fromEntries(fields.map((name) => [name, answer[name]])),
    citations: answer.citations.map(citation),
  })), null, 1)}\n`;
}
function save(name, type, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// --- Which lessons to ask ----------------------------------------------------------------------------

const chooser = find(".lq-choose");
function choices() {
  const lessons = config.library.lessons, known = new Set(lessons.map((one) => one.source));
  state.chosen = state.chosen.filter((source) => known.has(source));
  chooser.hidden = lessons.length < 2;
  chooser.querySelector("ul").replaceChildren(...lessons.map(({ source, title }) => {
    const box = make("input", { type: "checkbox", value: source });
    box.checked = state.chosen.includes(source);
    box.addEventListener("change", chosen);
    return make("li", {}, make("label", {}, box, make("span", {}, title), make("small", {}, source)));
  }));
  narrow();
  chooserSays();
}
function chosen() {
  state.chosen = [...chooser.querySelectorAll(":checked")].map((box) => box.value);
  keepTurns();
  if (state.chosen.length) show(state.chosen[0]).then(() => light(state.cited));
  chooserSays();
}
function chooserSays() {
  const summary = chooser.querySelector("summary span");
  const titles = config.library.lessons.filter(({ source }) => state.chosen.includes(source)).map(({ title }) => title);
  if (titles.length) { delete summary.dataset.text; summary.textContent = titles.length > 1 ? `${titles[0]} +${titles.length - 1}` : titles[0]; }
  else { summary.dataset.text = "choose_all"; say(summary); }
}
function narrow() {
  const words = chooser.querySelector("[type=search]").value.normalize("NFC").toLowerCase();
  for (const line of chooser.querySelectorAll("li")) line.hidden = !line.textContent.normalize("NFC").toLowerCase().includes(words);
}
chooser.querySelector("[type=search]").addEventListener("input", narrow);

// The index was rebuilt, perhaps: what the page knows of the lessons is fetched again, and nothing
// a person is in the middle of is disturbed when it is the same.
async function refresh() {
  let library;
  try { library = await call("library", []); } catch { return; } // told when a question is asked
  if (library.generation === config.library.generation) return;
  config.library = library;
  reading();
  choices();
  if (!state.source) show(config.library.lessons[0].source);
}
function reading() {
  const { lessons, generation, examples } = config.library, list = find(".lq-documents");
  list.replaceChildren(...lessons.map(({ source, title }) => make("option", { value: source }, lessons.length > 1 ? `${title} (${source})` : title)));
  list.hidden = lessons.length < 2;
  find(".lq-generation").textContent = ` ${generation.slice(0, 8)}`;
  find(".lq-examples").replaceChildren(...chips(examples));
  if (lessons.some(({ source }) => source === state.source)) list.value = state.source;
  else state.source = "";
}
