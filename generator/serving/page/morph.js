// Lets a page become another, newly rendered one by changing what differs, and nothing else.
// Focus, caret, scrolling and open details stay; what somebody is typing into is left to them.

const policy = globalThis.trustedTypes?.createPolicy("nianbao", { createHTML: (html) => html });

export function parsed(html) {
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
}

export function morph(old, wanted) {
  attributes(old, wanted);
  if (isBusy(old)) return chips(old, wanted);
  const value = wanted.getAttribute("value") ?? "";
  if (old.localName === "input" && old.type !== "file" && !isDirty(old) && old.value !== value) old.value = value;
  children(old, wanted);
}

// A field that holds what was typed and is not saved yet, or that the caret is in.
export function isDirty(field) {
  return field.dataset.base !== undefined;
}

function isBusy(node) {
  return node.isContentEditable && node.matches(".words") && (isDirty(node) || node === node.ownerDocument.activeElement);
}

function attributes(old, wanted) {
  const kept = keeps(old);
  for (const { name } of [...old.attributes])
    if (!wanted.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
  if (old.classList.contains("shown")) wanted.classList.add("shown");
  for (const { name, value } of [...wanted.attributes])
    if (!kept.includes(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
}

// What belongs to the person at the page and not to the report.
function keeps(old) {
  if (old.localName === "details" || old.localName === "dialog") return ["open"];
  if (old.localName === "iframe") return ["src"];
  if (old.id === "told") return ["hidden"];
  return ["data-base"];
}

function children(old, wanted) {
  if (old.id === "told" || old.id === "status" || old.id === "saved" || old.localName === "dialog") return;
  const keyed = new Map([...old.children].filter((it) => it.dataset?.key).map((it) => [it.dataset.key, it]));
  let here = old.firstChild;
  for (const next of [...wanted.childNodes]) {
    const known = next.dataset?.key && keyed.get(next.dataset.key);
    if (known && known !== here) old.insertBefore(known, here), (here = known);
    if (here && isSame(here, next)) {
      if (here.nodeType === Node.ELEMENT_NODE) morph(here, next);
      else if (here.data !== next.data) here.data = next.data;
      here = here.nextSibling;
    } else {
      old.insertBefore(old.ownerDocument.importNode(next, true), here);
    }
  }
  while (here) {
    const gone = here;
    here = here.nextSibling;
    gone.remove();
  }
}

function isSame(old, wanted) {
  return (
    old.nodeName === wanted.nodeName && old.dataset?.key === wanted.dataset?.key && old.id === wanted.id
    && old.dataset?.path === wanted.dataset?.path
  );
}

// In a text that is being written only the figures follow the tables.
function chips(old, wanted) {
  const mine = [...old.querySelectorAll(".chip")];
  const theirs = [...wanted.querySelectorAll(".chip")];
  if (mine.length !== theirs.length) return;
  mine.forEach((chip, i) => {
    if (chip.dataset.expression !== theirs[i].dataset.expression) return;
    chip.className = theirs[i].className;
    chip.title = theirs[i].title;
    if (chip.textContent !== theirs[i].textContent) chip.textContent = theirs[i].textContent;
  });
}
