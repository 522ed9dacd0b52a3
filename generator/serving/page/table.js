// A table to fill in: figures and blocks of them, the keys of a spreadsheet, Tab to the next blank.

import { begin, change, end, refresh, say } from "./work.js";

const isFigure = (node) => node instanceof HTMLInputElement && node.dataset.path && node.closest("#grid");
const grid = () => document.getElementById("grid");
const fields = () => [...grid().querySelectorAll("input[data-path]")];
const pathOf = (field) => JSON.parse(field.dataset.path);
const isBlank = (field) => field.hasAttribute("data-blank") && field.value.trim() === "";

let waiting = 0;
let last = null;

export function setUp() {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!isFigure(field)) return;
    begin(field);
    clearTimeout(waiting);
    waiting = setTimeout(() => preview(field), 20);
  });
  document.addEventListener("focusout", (event) => isFigure(event.target) && event.target.dataset.base !== undefined && save(event.target));
  document.addEventListener("focusin", (event) => {
    if (!isFigure(event.target)) return;
    last = event.target;
    event.target.select();
  });
  document.addEventListener("keydown", (event) => isFigure(event.target) && keys(event));
  document.addEventListener("paste", (event) => isFigure(event.target) && paste(event));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-zero]");
    if (button) zero(button);
  });
}

// What the figures would come to, judged before anything is written.
async function preview(field) {
  if (field.dataset.base === undefined) return;
  const answer = await change(wish(field), { base: field, preview: true });
  field.setCustomValidity(answer.ok || answer.status === 409 ? "" : answer.reason);
}

const wish = (field) => ({ do: "figure", path: pathOf(field), value: field.value });

async function save(field) {
  clearTimeout(waiting);
  const asked = wish(field);
  const answer = await change(asked, { base: field });
  if (answer.ok) {
    if (field.value !== asked.value) return; // it has been typed into again
    end(field);
    field.value = field.getAttribute("value");
  } else if (answer.status !== 409) {
    field.setCustomValidity(answer.reason);
    field.setAttribute("aria-invalid", "true");
  }
}

function keys(event) {
  const field = event.target;
  if (event.key === "Escape" && field.dataset.base !== undefined) {
    field.value = field.getAttribute("value");
    end(field);
    clearTimeout(waiting);
    refresh();
    event.preventDefault();
  } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey) {
    const all = fields();
    const at = all.indexOf(field);
    const ahead = event.shiftKey ? all.slice(0, at).reverse() : all.slice(at + 1);
    const next = ahead.find(isBlank);
    if (next) go(event, next);
  } else if (event.key === "Enter") {
    const next = beside(field, event.shiftKey ? -1 : 1, 0);
    if (next) go(event, next);
    else if (field.dataset.base !== undefined) save(field);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    go(event, beside(field, event.key === "ArrowDown" ? 1 : -1, 0));
  } else if (event.key === "ArrowRight" && field.selectionEnd === field.value.length) {
    go(event, beside(field, 0, 1));
  } else if (event.key === "ArrowLeft" && field.selectionStart === 0) {
    go(event, beside(field, 0, -1));
  }
}

function go(event, field) {
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "nearest" });
}

// The grid as rows of figures: by these a block out of a spreadsheet finds its cells.
function rows() {
  return [...grid().rows].map((row) => [...row.querySelectorAll("input[data-path]")]).filter((row) => row.length);
}

function beside(field, down, right) {
  const all = rows();
  const row = all.findIndex((each) => each.includes(field));
  const column = all[row].indexOf(field);
  const fromEnd = all[row].length - column;
  if (!down) return all[row][column + right];
  const next = all[row + down];
  return next?.[next.length === all[row].length ? column : Math.max(0, next.length - fromEnd)];
}

async function paste(event) {
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  const block = text.split("\n").map((line) => line.split("\t"));
  const all = rows();
  const top = all.findIndex((row) => row.includes(event.target));
  const left = all[top].indexOf(event.target);
  const cells = [];
  for (const [i, line] of block.entries())
    for (const [j, value] of line.entries()) {
      const field = all[top + i]?.[left + j];
      if (!field) return say(`贴不下：从这一格起放不下 ${block.length} 行 ${Math.max(...block.map((each) => each.length))} 列`, true);
      cells.push([pathOf(field), value]);
    }
  const answer = await change({ do: "figures", cells }, { base: event.target });
  if (answer.ok) {
    end(event.target);
    event.target.value = event.target.getAttribute("value");
    say(`贴进了 ${cells.length} 个数，可以撤销`);
  }
}

async function zero(button) {
  let path = button.dataset.path && JSON.parse(button.dataset.path);
  if (!path) {
    if (!last?.isConnected) return say("先点一下要填的那一行");
    path = pathOf(last).slice(0, -1);
    if (path.length === 1) path = pathOf(last);
  }
  const before = fields().filter(isBlank).length;
  const answer = await change({ do: "zero", path });
  if (answer.ok) say(`填了 ${before - fields().filter(isBlank).length} 个 0，可以撤销`);
}
