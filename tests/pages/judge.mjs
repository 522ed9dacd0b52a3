// Opens pages in a browser and lets axe-core judge them: node judge.mjs chromium page…
// Prints one JSON object: what is wrong, by page, width and colours; and whether the page itself
// can be scrolled sideways, which only its tables may be. What brings no style is looked at once.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [chromium, ...pages] = process.argv.slice(2);
const views = [
  { width: 1280, scheme: "light" },
  { width: 360, scheme: "light" },
  { width: 1280, scheme: "dark" },
];

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const found = {};
try {
  const tab = await browser.newPage();
  await tab.setBypassCSP(true);
  for (const page of pages) {
    await tab.goto(pathToFileURL(page).href);
    await tab.evaluate(axe);
    const styled = await tab.evaluate(() => document.styleSheets.length > 0);
    for (const { width, scheme } of styled ? views : views.slice(0, 1)) {
      await tab.setViewport({ width, height: 800 });
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const result = await tab.evaluate(async () => {
        const { violations, incomplete } = await globalThis.axe.run({
          resultTypes: ["violations", "incomplete"],
        });
        // Of a cell that spans others axe cannot tell the background: the rows below lie over it, and
        // its words stand on several columns. Nothing lies between a cell and what it is drawn on.
        const { Color, getContrast } = globalThis.axe.commons.color;
        const coloured = (element, property) => {
          const colour = new Color();
          colour.parseString(getComputedStyle(element)[property]);
          return colour;
        };
        const ground = (element) => {
          if (!element) return new Color(255, 255, 255);
          const colour = coloured(element, "backgroundColor");
          return colour.alpha === 1 ? colour : ground(element.parentElement);
        };
        const legible = (id, { target }) => {
          const cell = document.querySelector(target[0]);
          if (id !== "color-contrast" || !cell.matches("td, th")) return false;
          return getContrast(ground(cell), coloured(cell, "color")) >= 4.5;
        };
        const undecided = incomplete.filter((it) => !it.nodes.every((node) => legible(it.id, node)));
        const root = document.documentElement;
        return {
          wrong: [...violations, ...undecided].map((it) => `${it.id}: ${it.nodes[0].html}`),
          sideways: root.scrollWidth > root.clientWidth,
        };
      });
      found[`${page} ${width} ${scheme}`] = result;
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
