// The chat page, part 1 of 6: what it is told, its elements and words, and the way to the server.
// The six parts are one script. Gradio runs it once, as the body of a function of `element`, when
// the page's markup (page.html) is there. The conversation lives in this browser tab; the server
// keeps none. Text from the lesson, questions and answers enters the page as text nodes only; the
// one innerHTML is the lesson, which the server has escaped.

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
  previous: null, // turns and chosen of the conversation before this one, to take back
  chosen: [], // names of the lessons to ask; none: all
  asking: null, // AbortController of the question being answered
  source: "", // document shown in the lesson pane
  sha256: "", // of the bytes it was read from: citations of others are not lit in it
  cited: null, // the answer whose citations are lit
  opener: null, // what had the focus when the lesson sheet was opened
};

function remembered(storage, key) {
  try { return window[storage].getItem(key); } catch { return null; } // storage may be forbidden
}
function remember(storage, key, value) {
  try { window[storage].setItem(key, value); return true; } catch { return false; } // or full
}
// The newest turns that the browser's storage has room for.
function keepTurns() {
  const { turns, chosen } = state;
  for (let from = 0; from <= turns.length; from++) {
    if (remember("sessionStorage", "lq-turns", JSON.stringify({ turns: turns.slice(from), chosen }))) return;
  }
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
function dress(dark) {
  document.body.classList.toggle("dark", dark);
  find("[data-do=theme]").dataset.text = dark ? "theme_light" : "theme_dark";
  say(find("[data-do=theme]"));
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
    if (response.status === 401) throw new PageError(config.texts.logged_out);
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
