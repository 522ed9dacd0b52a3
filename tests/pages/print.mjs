// Prints pages as a browser does: node print.mjs chromium page… writes page.pdf beside each.
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [chromium, ...pages] = process.argv.slice(2);
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
try {
  const tab = await browser.newPage();
  for (const page of pages) {
    await tab.goto(pathToFileURL(page).href);
    await tab.pdf({ path: page.replace(/html$/, "pdf"), preferCSSPageSize: true });
  }
} finally {
  await browser.close();
}
