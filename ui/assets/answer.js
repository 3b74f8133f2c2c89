// Part 4 of 6: one answer as elements: its lines, markers, sources and next questions.

function cite(number, answer) {
  const citation = answer.citations.find((c) => c.number === number);
  if (!citation) return `[${number}]`;
  const mark = button({ class: "lq-cite", "data-number": number, "data-label": "see_source", "data-about": ` ${number}` }, `${number}`);
  mark.answer = answer;
  mark.addEventListener("click", () => open(answer, citation, mark));
  for (const event of ["mouseenter", "focus"]) mark.addEventListener(event, () => hint(mark, citation.plain));
  for (const event of ["mouseleave", "blur"]) mark.addEventListener(event, unhint);
  return mark;
}
function hint(mark, words) {
  tip.textContent = words;
  tip.hidden = false;
  mark.setAttribute("aria-describedby", tip.id);
  const { left, bottom, top } = mark.getBoundingClientRect();
  const below = bottom + tip.offsetHeight + 12 < window.innerHeight;
  tip.style.left = `${Math.max(8, Math.min(left, window.innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${below ? bottom + 6 : top - tip.offsetHeight - 6}px`;
}
function unhint() { tip.hidden = true; }

// A marker stays on the line of the word before it.
function tied(part, answer) {
  const [, word, number] = part.match(/^(\S*?)\s*\[(\d+)\]$/);
  return make("span", { class: "lq-tied" }, word, word && "\u00a0", cite(+number, answer));
}
// A line that is code: what stands before it, its own lines, its marker; null for other lines.
function code(words, answer) {
  const [, said, number] = words.match(/^(.*?)\s*\[(\d+)\]$/) || [];
  const citation = answer.citations.find((c) => c.code && c.number === +number);
  const flat = citation && citation.quote.normalize("NFC").split(/\s+/).join(" ");
  if (!citation || !said.endsWith(flat)) return null;
  const shown = make("pre", { tabindex: 0 }, make("code", {}, citation.quote));
  return [said.slice(0, said.length - flat.length).replace(/ – $/, ""), shown, cite(+number, answer)];
}
// The text of an answer: paragraphs, "- " bullets indented by two spaces a level, with "1. " behind
// where they are numbered, [n] markers.
function lines(text, answer) {
  const top = document.createDocumentFragment(), lists = [];
  for (const line of text.split("\n")) {
    const [bullet, indent, step, words] = line.match(/^( *)- (?:(\d+)\. )?(.*)$/) || [null, "", null, line];
    const depth = bullet === null ? 0 : Math.min(indent.length / 2 + 1, lists.length + 1);
    lists.length = Math.min(lists.length, depth);
    if (depth > lists.length) {
      const list = make(step ? "ol" : "ul");
      (lists.length ? lists.at(-1).lastChild : top).append(list);
      lists.push(list);
    }
    const block = code(words, answer);
    const inside = block || words.split(/(\S*\s*\[\d+\])/).map((part, i) => (i % 2 ? tied(part, answer) : part));
    const attributes = step ? { value: step } : {};
    (depth ? lists.at(-1) : top).append(make(depth ? "li" : block ? "div" : "p", attributes, ...inside));
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
    const name = citation.page_name;
    if (name) row.append(make("small", { "data-ko": name.ko, "data-en": name.en }));
    row.addEventListener("click", () => open(answer, citation, row));
    list.append(make("li", {}, row));
  }
  const count = make("span", {}, ` ${answer.citations.length}`), from = make("span", { class: "lq-from" }, lessonsOf(answer));
  const fold = make("details", { class: "lq-fold" }, make("summary", {}, make("span", { "data-text": "sources" }), count, from), list);
  fold.open = answer.citations.length <= 3; // a long answer repeats its sources: one click away
  return fold;
}
// Which lessons an answer is from, by their titles, where there are several to ask.
function lessonsOf(answer) {
  const { lessons } = config.library;
  if (lessons.length < 2) return "";
  const title = (source) => lessons.find((one) => one.source === source)?.title || source;
  return ` · ${[...new Set(answer.citations.map((c) => title(c.source)))].join(", ")}`;
}
function chips(questions) {
  return questions.map((question) => {
    const chip = button({ class: "lq-chip" }, question);
    chip.addEventListener("click", () => ask(question));
    return make("li", {}, chip);
  });
}
function extras(turn) {
  const answer = turn.answer, parts = [], tools = make("div", { class: "lq-tools" });
  if (answer.citations.length) { parts.push(sources(answer)); tools.append(copyButton(turn)); }
  if (!answer.talk) {
    const [why, steps] = whyButton(turn), [thumbs, reason] = config.feedback ? opinionOf(turn) : [];
    tools.append(why, ...(thumbs ? [thumbs] : []));
    parts.push(tools, steps, ...(reason ? [reason] : []));
  }
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
// The steps from the question to the decision, fetched when someone wants to know.
function whyButton(turn) {
  const why = button({ class: "lq-quiet", "data-text": "why", "aria-expanded": "false" });
  const steps = make("pre", { class: "lq-why", tabindex: "0", hidden: "" });
  why.addEventListener("click", async () => {
    if (!steps.dataset.ko) {
      const words = await call("why", [turn.question, turn.history || [], turn.sources || []]).catch((error) => error.words || config.texts.failed);
      Object.assign(steps.dataset, { ko: words.ko, en: words.en });
      say(steps);
    }
    steps.hidden = !steps.hidden;
    why.setAttribute("aria-expanded", String(!steps.hidden));
  });
  return [why, steps];
}
