// Paragraphs to write in. A figure out of a table is one piece: it shows what it will print, and is
// picked in the tables, so that nobody types an expression.

import { isDirty, parsed } from "./morph.js";
import { begin, catchUp, change, end, report, say } from "./work.js";

const editor = (node) => node?.closest?.(".words");
const IDLE = 2500;
const timers = new WeakMap();
let caret = null;

export function setUp() {
  document.execCommand("defaultParagraphSeparator", false, "p");
  document.addEventListener("input", (event) => {
    const words = editor(event.target);
    if (!words) return;
    begin(words);
    for (const mark of words.querySelectorAll("mark")) if (mark.textContent !== mark.dataset.said) mark.className = "";
    clearTimeout(timers.get(words));
    timers.set(words, setTimeout(() => save(words), IDLE));
  });
  document.addEventListener("focusout", (event) => {
    const words = editor(event.target);
    if (words) remember(words), save(words).then(catchUp); // what is found is underlined now
  });
  document.addEventListener("selectionchange", () => {
    const words = editor(document.activeElement);
    if (words) remember(words);
  });
  document.addEventListener("focusout", (event) => event.target.matches?.("[data-line][data-base]") && saveLine(event.target));
  document.addEventListener("input", (event) => event.target.matches?.("[data-line]") && begin(event.target));
  document.addEventListener("paste", paste);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-line]")) event.target.blur();
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      const words = editor(document.activeElement);
      if (words) save(words);
      else document.activeElement?.blur();
    }
  });
  document.addEventListener("click", click);
}

const pathOf = (node) => JSON.parse(node.dataset.path);

function click(event) {
  const button = event.target.closest?.("button");
  if (!button) return;
  const data = button.dataset;
  if (button.id === "insert-figure") pick();
  else if (data.name !== undefined) insert(button);
  else if (data.add !== undefined) add(button);
  else if (data.move !== undefined) change({ do: "move", path: pathOf(button), by: Number(data.move) });
  else if (data.remove !== undefined) change({ do: "remove", path: pathOf(button) }).then((it) => it.ok && say("删去了，可以撤销"));
  else if (data.unaccept !== undefined) change({ do: "unaccept", index: Number(data.unaccept) });
}

async function add(button) {
  const path = pathOf(button);
  const answer = await change({ do: "add", path, index: Number(button.dataset.index), value: "" });
  if (!answer.ok) return;
  const titles = [...document.querySelectorAll("input.title")].filter((it) => {
    const own = JSON.parse(it.dataset.line);
    return own.length === path.length + 3 && path.every((step, i) => own[i] === step);
  });
  const title = titles.at(-1);
  title?.focus();
  title?.select();
}

/** The paragraphs of a text as its file holds them: figures as expressions. */
export function paragraphsOf(words) {
  const lines = [""];
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) lines[lines.length - 1] += child.data.replace(/\u00a0/g, " ").replace(/\n/g, "");
      else if (child.dataset?.expression) lines[lines.length - 1] += child.dataset.expression;
      else if (child.localName === "br") lines.push("");
      else {
        const isBlock = ["p", "div"].includes(child.localName);
        if (isBlock && lines.at(-1) !== "") lines.push("");
        walk(child);
        if (isBlock) lines.push("");
      }
    }
  };
  walk(words);
  return lines.map((line) => line.trim()).filter(Boolean);
}

async function save(words) {
  clearTimeout(timers.get(words));
  if (words.dataset.base === undefined || !words.isConnected) return { ok: true };
  const before = words.innerHTML;
  const answer = await change({ do: "paragraphs", path: pathOf(words), value: paragraphsOf(words) }, { base: words });
  if (answer.ok) {
    if (words.querySelector(".caret")) words.dataset.base = report.version;
    else if (words.innerHTML === before || !words.contains(document.activeElement)) end(words);
    else words.dataset.base = report.version;
  }
  return answer;
}

async function saveLine(field) {
  const { value } = field;
  const answer = await change({ do: "line", path: JSON.parse(field.dataset.line), value }, { base: field });
  if (answer.ok && field.value === value) {
    end(field);
    field.value = field.getAttribute("value");
  }
}

// Words alone, a paragraph a line: what Word and web pages bring along stays outside.
function paste(event) {
  const words = editor(event.target);
  if (!words) return;
  event.preventDefault();
  const lines = event.clipboardData.getData("text/plain").split(/\r\n?|\n/).map((line) => line.trim()).filter(Boolean);
  lines.forEach((line, i) => {
    if (i) document.execCommand("insertParagraph");
    document.execCommand("insertText", false, line);
  });
}

function remember(words) {
  const selection = document.getSelection();
  if (selection.rangeCount && words.contains(selection.anchorNode)) caret = { words, range: selection.getRangeAt(0).cloneRange() };
}

// Where the figure goes is held by an empty element: pages that come meanwhile leave it alone.
async function pick() {
  if (!caret?.words.isConnected || !caret.words.contains(caret.range.startContainer)) return say("先在文字里点一下要放数的地方");
  const { words, range } = caret;
  const dialog = document.getElementById("picker");
  const before = isDirty(words) ? null : `${paragraphsOf(words)}`;
  const place = document.createElement("span");
  place.className = "caret";
  begin(words);
  if (range.startContainer === words) words.children[Math.max(0, range.startOffset - 1)]?.append(place);
  else range.insertNode(place);
  dialog.onclose = () => {
    place.remove();
    words.normalize();
    if (`${paragraphsOf(words)}` === before) end(words); // nothing was picked
    else save(words);
  };
  const answer = await fetch(`${report.root}/picker`);
  const content = parsed(await answer.text()).body;
  document.getElementById("picker-body").replaceChildren(...[...content.childNodes].map((it) => document.importNode(it, true)));
  dialog.showModal();
}

async function insert(button) {
  const way = button.dataset.plain === undefined ? document.querySelector("[name=way]:checked").value : "{{ NAME }}";
  const place = document.querySelector(".words .caret");
  const words = editor(place);
  const chip = document.createElement("span");
  chip.className = "chip";
  chip.contentEditable = "false";
  chip.dataset.expression = way.replaceAll("NAME", button.dataset.name);
  chip.textContent = way.startsWith("{{ NAME }}") ? button.textContent : "……";
  for (const br of place.parentNode.querySelectorAll(":scope > br")) br.remove();
  place.replaceWith(chip);
  document.getElementById("picker").close();
  words.focus();
  const range = document.createRange();
  range.setStartAfter(chip);
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
