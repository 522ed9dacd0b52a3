// One report at work: changes are sent with the version that they were made on, and the page that
// comes back is taken over. The rules are the server's; nothing is judged here.

import { isDirty, morph, parsed } from "./morph.js";

const body = document.body;

export const report = {
  get root() { return body.dataset.root; },
  get page() { return body.dataset.page; },
  get version() { return body.dataset.version; },
};

let shown = 0;

export function say(words, bad = false) {
  const status = document.getElementById("status");
  status.className = bad ? "bad" : "";
  status.textContent = words;
  clearTimeout(shown);
  shown = setTimeout(() => { status.textContent = ""; }, bad ? 9000 : 3500);
}

export function saved(words, bad = false) {
  const place = document.getElementById("saved");
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("bad", bad);
}

/** Say why something was not done: in passing, or where the program itself has failed, to stay. */
export function fail({ status, reason }) {
  if (status !== 500) return say(reason, true);
  const dialog = document.getElementById("fault");
  const [, ...lines] = reason.split("\n");
  dialog.querySelector(".todo").textContent = lines.slice(0, 3).join("");
  dialog.querySelector(".details").textContent = lines.slice(3).join("\n");
  if (!dialog.open) dialog.showModal();
}

export async function post(address, content) {
  return fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(content) });
}

// One after the other, so that each is made on the version that the one before has led to.
let queue = Promise.resolve();
function inTurn(work) {
  queue = queue.then(work, work);
  return queue;
}

/** Wait until what was asked for is done. */
export async function allSaved() {
  await queue;
  await new Promise((resolve) => setTimeout(resolve)); // whoever has asked hears of it first
}

export const isUnsaved = () => document.querySelector("[data-base]") !== null;

let previews = 0;

/** Change the report. `base` is the version that somebody began typing on, or the field itself. */
export function change(wish, { base = null, preview = false } = {}) {
  if (preview) {
    const mine = ++previews;
    // What is being saved goes first: until its answer is here, the version is not known.
    return queue.then(() => send("edit", wish, base?.dataset?.base ?? report.version, true)).then(async (answer) => {
      await release;
      if (mine === previews && answer.ok) take(answer.page, { keepVersion: true });
      return answer;
    });
  }
  previews++;
  return inTurn(async () => {
    saved("正在保存……");
    const made = base?.dataset ? base.dataset.base ?? report.version : base ?? report.version;
    const answer = await send("edit", wish, made, false);
    await release;
    return settle(answer, wish, made);
  });
}

export function step(name) {
  return inTurn(async () => {
    const made = report.version;
    return settle(await send(name, null, made, false), null, made);
  });
}

async function send(action, wish, version, preview) {
  let answer;
  try {
    answer = await post(`${report.root}/${action}`, { version, page: report.page, wish, preview });
  } catch {
    return { status: 0, reason: "连不上程序：它可能已经关了。请不要关这一页，先把没保存的字复制出来" };
  }
  if (answer.ok) return { ok: true, page: await answer.text() };
  if (answer.status === 409) return { status: 409, ...(await answer.json()) };
  return { status: answer.status, reason: await answer.text() };
}

function settle(answer, wish, made) {
  if (answer.ok) {
    take(answer.page);
    // What is being typed elsewhere on this page goes on from what this page itself has done.
    for (const field of document.querySelectorAll("[data-base]"))
      if (field.dataset.base === made) field.dataset.base = report.version;
    saved("已保存");
  } else if (answer.status === 409) {
    saved("没有保存", true);
    showConflict(answer, wish);
  } else {
    saved("没有保存", true);
    fail(answer);
  }
  return answer;
}

// What is pressed stays where it is until it is let go: a link that is moved meanwhile has no click.
let release = Promise.resolve();
window.addEventListener("pointerdown", () => {
  release = new Promise((resolve) => {
    const ended = new AbortController();
    const letGo = () => { ended.abort(); setTimeout(resolve); };
    for (const name of ["pointerup", "pointercancel", "blur"])
      window.addEventListener(name, letGo, { capture: true, signal: ended.signal });
  });
}, { capture: true });

let newest = null;

/** Take over a page that was rendered anew. */
export function take(html, { keepVersion = false } = {}) {
  const wanted = parsed(html);
  newest = html;
  const version = body.dataset.version;
  if (wanted.body.dataset.kind !== body.dataset.kind) return location.reload();
  morph(body, wanted.body);
  if (keepVersion) body.dataset.version = version;
  document.title = wanted.title;
  document.dispatchEvent(new CustomEvent("taken"));
}

/** Take over what was left out while somebody was writing there. */
export function catchUp() {
  if (newest !== null) take(newest, { keepVersion: true });
}

/** Fetch this page as the files are now, unless all that has changed is what it shows already. */
export function refresh(news = null) {
  return inTurn(async () => {
    if (news && report.root.endsWith(`/${news[0]}`) && news[1] === report.version) return;
    let answer;
    try {
      answer = await fetch(location.href, { headers: { accept: "text/html" } });
    } catch {
      return say("连不上程序：看到的可能不是最新的", true);
    }
    const page = await answer.text();
    await release;
    if (answer.ok) take(page);
    else if (answer.status === 404) location.assign("/");
    else fail({ status: answer.status, reason: page });
  });
}

function showConflict(answer, wish) {
  const dialog = document.getElementById("conflict");
  const field = wish?.path && [...document.querySelectorAll("#grid input")].find((it) => it.dataset.path === JSON.stringify(wish.path).replaceAll(",", ", "));
  const named = field && wish.do === "figure" ? `${field.getAttribute("aria-label")}：您填的是 ${wish.value || "待填"}\n` : "";
  lines("mine", named + (answer.mine || "（您的改动）"));
  lines("theirs", answer.theirs || "（看不到改了什么：请刷新后对照）");
  document.getElementById("keep-mine").onclick = async () => {
    dialog.close();
    await change(wish, { base: answer.version });
    await refresh();
  };
  document.getElementById("keep-mine").hidden = !wish;
  document.getElementById("keep-theirs").onclick = async () => {
    dialog.close();
    for (const field of document.querySelectorAll("[data-base]")) delete field.dataset.base;
    document.activeElement?.blur?.();
    await refresh();
    saved("用了现在的文件");
  };
  if (!dialog.open) dialog.showModal();
}

function lines(id, text) {
  const place = document.getElementById(id);
  place.replaceChildren(
    ...text.split("\n").map((line) => {
      const row = document.createElement("div");
      row.className = line.startsWith("+") ? "in" : line.startsWith("-") ? "out" : "";
      row.textContent = line.replace(/^[+-] ?/, "") || " ";
      return row;
    }),
  );
}

/** Remember on which version somebody has begun to type into a field. */
export function begin(field) {
  if (!isDirty(field)) field.dataset.base = report.version;
}

export function end(field) {
  delete field.dataset.base;
}
