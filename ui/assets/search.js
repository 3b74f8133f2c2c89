// Part 3 of 6: finding words in the shown lesson. Matches are painted, not put into the document,
// so the marks of citations and their offsets stay as they are.

const finder = find(".lq-finder input"), found = { ranges: [], at: -1 };
const painted = typeof Highlight === "function" && CSS.highlights;

function search(step) {
  const words = fold(finder.value.trim());
  if (words !== found.words || found.source !== state.source) {
    Object.assign(found, { words, source: state.source, at: -1, ranges: words ? matches(words) : [] });
    step = 1;
  }
  const count = found.ranges.length;
  if (count) found.at = (found.at + step + count) % count;
  paint();
  find(".lq-found").textContent = !words ? "" : count ? `${found.at + 1}/${count}` : config.texts.search_none[state.language];
  if (count) bring(found.ranges[found.at]);
}
// As long as the original, so that places agree: NFC would be shorter than what a file may hold.
function fold(text) { return [...text].map((c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join(""); }

// Blocks are searched one by one: a match may cross bold words but no paragraph.
function matches(words) {
  const forms = [...new Set([words, words.normalize("NFC"), words.normalize("NFD")])], ranges = [];
  for (const block of page.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, th, td, pre")) {
    const nodes = own(block), text = fold(nodes.map((node) => node.data).join(""));
    for (const form of forms) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) ranges.push(range(nodes, at, at + form.length));
    }
  }
  return ranges.sort((a, b) => a.compareBoundaryPoints(Range.START_TO_START, b));
}
// The text of a block without that of blocks inside it.
function own(block) {
  const nodes = [], walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("p, li, h1, h2, h3, h4, h5, h6, th, td, pre") === block) nodes.push(node);
  }
  return nodes;
}
function range(nodes, start, end) {
  const made = new Range();
  let at = 0;
  for (const node of nodes) {
    if (at <= start && start < at + node.length) made.setStart(node, start - at);
    if (at < end && end <= at + node.length) made.setEnd(node, end - at);
    at += node.length;
  }
  return made;
}
function paint() {
  if (!painted) return found.ranges[found.at] && window.getSelection().setBaseAndExtent(
    found.ranges[found.at].startContainer, found.ranges[found.at].startOffset,
    found.ranges[found.at].endContainer, found.ranges[found.at].endOffset);
  painted.set("lq-found", new Highlight(...found.ranges));
  painted.set("lq-found-now", new Highlight(...found.ranges.slice(found.at, found.at + 1)));
}
finder.addEventListener("input", () => search(1));
finder.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  search(event.shiftKey ? -1 : 1);
});
