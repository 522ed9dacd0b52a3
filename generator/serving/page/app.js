// Where the page begins: what is clicked, what has changed on the disk, and what each page needs.

import { morph, parsed } from "./morph.js";
import * as prose from "./prose.js";
import * as table from "./table.js";
import { allSaved, change, fail, isUnsaved, post, refresh, report, say, step } from "./work.js";

const kind = document.body.dataset.kind;
let wanted = null;
let arrived;
let followed = new Promise((resolve) => { arrived = resolve; });

if (kind === "table") table.setUp();
if (kind === "prose") prose.setUp();
if (kind === "view") {
  document.getElementById("published").addEventListener("load", frame);
  if (isThere()) frame();
}

// What has changed on the disk.

let events = null;

// Whoever listens says what is in the page already, so that nothing is missed in between.
function listen() {
  events?.close();
  events = new EventSource(`/events?since=${document.body.dataset.heard}`);
  events.addEventListener("report", (event) => {
    const { [document.body.dataset.office]: news } = JSON.parse(event.data);
    if (kind === "list" || news !== undefined) refresh(news);
  });
  events.addEventListener("standing", () => kind === "list" && refresh());
}

// A browser keeps six connections to a host: pages that nobody looks at leave theirs to the others.
function listenWhileSeen() {
  if (document.visibilityState === "visible") listen();
  else events?.close();
}

if (kind !== "new") {
  listenWhileSeen();
  document.addEventListener("visibilitychange", listenWhileSeen);
  window.addEventListener("pageshow", (event) => event.persisted && listenWhileSeen());
  window.addEventListener("pagehide", () => events?.close());
}

document.addEventListener("taken", () => kind === "view" && follow());

// The published page, shown within ours: one window, two documents.

function within() {
  return document.getElementById("published").contentDocument;
}

// Until it has come, another, empty document stands in its place.
function isThere() {
  const page = within();
  return page?.readyState === "complete" && page.URL !== "about:blank";
}

function frame() {
  arrived();
  const page = within();
  page.addEventListener("click", (event) => show(event.target.closest("[data-place]")));
  page.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show(event.target.closest("[data-place]"));
    }
  });
  goTo(...(wanted ?? [location.hash]));
  wanted = null;
}

// One after the other: what was asked for first may not come last.
function follow() {
  followed = followed.then(bringUp).catch(() => say("连不上程序：看到的可能不是最新的", true));
}

async function bringUp() {
  const answer = await fetch(`${report.root}/published`);
  if (!answer.ok) return location.reload();
  const html = await answer.text();
  // Read by the inner document's own window, which may have styles at its cells; ours may not.
  const inner = new (within().defaultView.DOMParser)();
  morph(within().body, inner.parseFromString(html.slice(html.indexOf("<body")), "text/html").body);
}

async function show(place) {
  if (!place) return;
  const path = place.dataset.place;
  mark(place);
  for (const card of document.querySelectorAll(".finding")) card.classList.remove("shown");
  const card = [...document.querySelectorAll(".finding[data-path]")].find((it) => it.dataset.path === path || path.startsWith(it.dataset.path.slice(0, -1)));
  card?.classList.add("shown");
  card?.scrollIntoView({ block: "nearest" });
  const told = document.getElementById("told");
  if (place.localName === "td") {
    const answer = await fetch(`${report.root}/figure?path=${encodeURIComponent(path)}`);
    const content = parsed(await answer.text()).body;
    told.replaceChildren(...[...content.childNodes].map((it) => document.importNode(it, true)));
  } else {
    const link = document.createElement("a");
    link.className = "button";
    link.href = `${report.root}/goto?path=${encodeURIComponent(path)}`;
    link.textContent = "改这一段";
    told.replaceChildren(link);
  }
  for (const link of told.querySelectorAll("[data-edit]")) link.href = `${report.root}/${link.getAttribute("href")}`;
  told.hidden = false;
}

function mark(place) {
  for (const other of within().querySelectorAll(".shown")) other.classList.remove("shown");
  place.classList.add("shown");
}

// From a finding to its place.

// `otherwise` is where to go when the place is not on this page.
function goTo(hash, otherwise = "") {
  if (kind === "view" && !isThere()) return wanted = [hash, otherwise]; // it is on its way
  const found = find(hash);
  if (!found && otherwise) location.assign(otherwise);
  return found;
}

function find(hash) {
  if (hash === "#blank") return nextBlank();
  const found = hash.match(/^#place=(.*)$/);
  if (!found) return false;
  let path;
  try { path = JSON.parse(decodeURIComponent(found[1])); } catch { return false; }
  for (let length = path.length; length > 0; length--) {
    const part = JSON.stringify(path.slice(0, length));
    if (kind === "view") {
      const place = [...within().querySelectorAll("[data-place]")].find((it) => same(it.dataset.place, part));
      if (place) return show(place), place.scrollIntoView({ block: "center" }), true;
    } else {
      const all = [...document.querySelectorAll("main [data-path], main [data-line]")];
      const place = all.find((it) => it.localName !== "button" && same(it.dataset.path ?? it.dataset.line, part));
      if (place) return focusOn(place);
    }
  }
  const first = JSON.stringify(path);
  const below = [...document.querySelectorAll("main [data-path]")].find((it) => it.localName !== "button" && compact(it.dataset.path).startsWith(compact(first).slice(0, -1)));
  return below ? focusOn(below) : false;
}

const compact = (json) => JSON.stringify(JSON.parse(json));
const same = (a, b) => compact(a) === b;

// One blank after the other: behind where one is, and then in the next part that has some.

function blanks() {
  return [...document.querySelectorAll("main input[data-blank], main .text.blank .words, main mark.blank")];
}

function nextBlank() {
  const all = blanks();
  const here = document.getSelection().anchorNode;
  const active = document.activeElement;
  const from = active?.isContentEditable && here ? here : active;
  const isBehind = (it) => !from || from === document.body || (!it.contains(from) && from.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING);
  const isWithin = document.getElementById("main").contains(from);
  const next = isWithin ? all.find(isBehind) : all[0];
  return next ? focusOn(next) : false;
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

function focusOn(place) {
  if (!place) return false;
  const target = place.closest("input, .words") ?? place;
  target.focus();
  if (place.localName === "mark") select(place);
  place.scrollIntoView({ block: "center" });
  return true;
}

if (kind !== "view") goTo(location.hash);
if (kind === "broken") document.querySelector(".source .wrong")?.scrollIntoView({ block: "center" });

// A blank in a text is typed over: one click takes all of it.
document.addEventListener("click", (event) => {
  const blank = event.target.closest?.("mark.blank");
  if (blank && document.getSelection().isCollapsed) select(blank);
});
window.addEventListener("hashchange", () => goTo(location.hash));
if (location.hash === "#download") document.getElementById("download")?.setAttribute("open", "");

// What was typed is saved when it is left: a page is left when that is done.
const leaves = (event, link, to) =>
  to && to.origin === location.origin && to.pathname !== location.pathname && !link.hasAttribute("download")
  && !(event.ctrlKey || event.metaKey || event.shiftKey);

window.addEventListener("beforeunload", (event) => isUnsaved() && event.preventDefault());

document.addEventListener("click", async (event) => {
  const target = event.target.closest?.("button, a");
  if (!target) return;
  const data = target.dataset;
  const here = target.href && new URL(target.href);
  if (leaves(event, target, here) && isUnsaved()) {
    event.preventDefault();
    await allSaved();
    location.assign(here.href);
    return;
  }
  if (target.id === "next-blank" && here.pathname === location.pathname) {
    event.preventDefault();
    if (!nextBlank()) location.assign(target.dataset.later);
  } else if (target.id === "undo") step("undo");
  else if (target.id === "redo") step("redo");
  else if (data.goto !== undefined && (kind === "view" || here.pathname === location.pathname)) {
    event.preventDefault();
    goTo(here.hash, kind === "view" ? here.href : "");
  } else if (data.copy !== undefined) {
    await navigator.clipboard.writeText(data.copy);
    say(`复制了 ${data.copy}`);
  } else if (data.copyDetails !== undefined) {
    await navigator.clipboard.writeText(document.querySelector("#fault .details").textContent);
    target.textContent = "复制好了";
  } else if (data.close !== undefined) target.closest("dialog").close();
  else if (data.focus !== undefined) goTo(`#place=${encodeURIComponent(data.focus)}`);
  else if (data.accept !== undefined) accept(data);
  else if (data.make === "year") make(`/make/${data.office}/year`, { year: Number(data.year) });
  else if (data.repairSave !== undefined) {
    const field = document.querySelector(`[data-repair="${data.repairSave}"]`);
    change({ do: "repair", line: Number(data.repairSave), value: field.value }).then((it) => it.ok && location.reload());
  }
});

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.isContentEditable || (event.target.matches?.("input, textarea") && event.target.dataset.base !== undefined);
  if (!(event.ctrlKey || event.metaKey) || isWriting || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const name = key === "z" && !event.shiftKey ? "undo" : key === "y" || key === "z" ? "redo" : "";
  if (name && report.root) {
    event.preventDefault();
    step(name);
  }
});

function accept(data) {
  const dialog = document.getElementById("accepting");
  const form = document.getElementById("accept-form");
  form.reset();
  dialog.querySelector(".what").textContent = data.message;
  dialog.onclose = () => {
    if (dialog.returnValue !== "accept") return;
    const { reason, by, on, until } = Object.fromEntries(new FormData(form));
    change({ do: "accept", rule: data.rule, place: data.place, reason, by, on, until });
  };
  dialog.returnValue = "";
  dialog.showModal();
}

// What is made from the list.

document.getElementById("new-office")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = Object.fromEntries(new FormData(event.target));
  make("/make/office", { ...said, year: Number(said.year) }, event.target.querySelector("[role=alert]"));
});

async function make(address, content, place = null) {
  const answer = await post(address, content);
  const said = await answer.text();
  if (answer.ok) return location.assign(JSON.parse(said).address);
  if (place && answer.status !== 500) [place.textContent, place.hidden] = [said, false];
  else fail({ status: answer.status, reason: said });
}

document.addEventListener("change", async (event) => {
  const file = event.target.files?.[0];
  if (!file || !event.target.dataset.import) return;
  say("正在读……");
  const address = `/make/${event.target.dataset.import}/import?name=${encodeURIComponent(file.name.slice(-200))}`;
  const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file });
  const said = await answer.text();
  event.target.value = "";
  if (!answer.ok) return fail({ status: answer.status, reason: said });
  const { address: next, notes } = JSON.parse(said);
  sessionStorage.setItem("notes", notes.slice(0, 3).join("；"));
  location.assign(next);
});

const notes = sessionStorage.getItem("notes");
if (notes) {
  sessionStorage.removeItem("notes");
  say(notes);
}
