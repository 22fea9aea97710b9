// A large dataset in a real VS Code, measured and printed: node test/e2e/large.mjs FILE.vsix DATASET
// The dataset's folder becomes the workspace; its run folder is used again when it is there. Limits are those of the product's aims.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { installServer } from '../host/install.mjs';
import { startServer } from '../host/launcher.mjs';
import { extensionHostPid, memoryOf, takeWatch, watchFrame } from './measures.mjs';
import { openWorkbench } from './workbench.mjs';

const [vsix, dataset] = process.argv.slice(2);
if (!vsix || !dataset || !fs.existsSync(dataset)) {
  console.error('usage: node test/e2e/large.mjs FILE.vsix DATASET');
  process.exit(2);
}
const folder = path.dirname(path.resolve(dataset));
if (!fs.existsSync(path.join(folder, 'package.json'))) fs.writeFileSync(path.join(folder, 'package.json'), '{}\n');
const ms = (from) => Math.round(performance.now() - from);
const line = (name, value, aim) => console.log(`${name.padEnd(58)} ${String(value).padStart(10)}   ${aim}`);

installServer();
const server = await startServer({ vsix: [vsix], smokeTestDriver: false });
const workbench = await openWorkbench(server, folder);
const { page } = workbench;
const pageFrame = async (selector) => {
  for (;;) {
    for (const frame of page.frames())
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    await page.waitForTimeout(50);
  }
};
console.log(`${dataset}, ${(fs.statSync(dataset).size / 1e6).toFixed(0)} MB`);

// The browser
await page.waitForTimeout(3000); // the workbench has painted
const row = workbench.explorerRow(path.basename(dataset));
const item = await workbench.contextMenu(row, 'Browse Instances');
await page.waitForTimeout(500); // a menu ignores clicks in its first moments
let from = performance.now();
await item.click();
const list = workbench.webview();
await list.locator('.row .head').first().waitFor({ timeout: 60_000 });
line('first rows after the click (a new webview included)', `${ms(from)} ms`, '< 1000');
let frame = await pageFrame('.list');
await watchFrame(frame);
from = performance.now();
await list.locator('.status-line progress').waitFor({ state: 'hidden', timeout: 600_000 });
line('then until the whole dataset is indexed', `${ms(from)} ms`, 'progress shown');
await takeWatch(frame);

const box = await list.locator('.list').boundingBox();
await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
for (let i = 0; i < 120; i++) {
  await page.mouse.wheel(0, 400);
  await page.waitForTimeout(25);
}
await page.waitForTimeout(300);
let watch = await takeWatch(frame);
line('wheel, 120 steps of 400 px: longest time with a blank row', `${Math.round(watch.blankMs)} ms`, '< 150');
line('  longest task of the page', `${Math.round(watch.longTask)} ms`, '< 200');
for (let i = 1; i <= 10; i++) {
  await list.locator('.list').evaluate(
    (element, share) => {
      element.scrollTop = element.scrollHeight * share;
    },
    ((i * 37) % 100) / 100,
  );
  await page.waitForTimeout(400);
}
watch = await takeWatch(frame);
line('ten leaps over the whole list: longest time with a blank row', `${Math.round(watch.blankMs)} ms`, '< 150');
line('  longest task of the page', `${Math.round(watch.longTask)} ms`, '< 200');

await list.getByRole('button', { name: /^Media/ }).click();
const count = () => list.locator('.count-text').textContent();
const times = [];
for (const value of ['none', 'none', 'image', 'image']) {
  const before = await count();
  from = performance.now();
  await list.locator(`input[type="checkbox"][value="${value}"]`).click();
  while ((await count()) === before) await page.waitForTimeout(5);
  times.push(ms(from));
}
line('a facet changed, four times (click to count)', `${times.join(', ')} ms`, '< 200 each');
await page.keyboard.press('Escape');
watch = await takeWatch(frame);
line('  longest task of the page', `${Math.round(watch.longTask)} ms`, '< 200');

// The rebalance panel
await workbench.choose(row, 'Rebalance This Dataset');
from = performance.now();
const keeps = workbench.webview().locator('.keeps:not(.stale) strong', { hasText: /\d/ });
await keeps.waitFor({ timeout: 600_000 });
line('the rebalance panel has its first figures', `${ms(from)} ms`, 'progress shown');
frame = await pageFrame('.tau-handle');
await watchFrame(frame);
const handle = workbench.webview().locator('.tau-handle').first();
await handle.focus();
const answers = [];
for (let i = 0; i < 20; i++) {
  const before = await keeps.textContent();
  from = performance.now();
  await page.keyboard.press(i < 10 ? 'ArrowDown' : 'ArrowUp');
  await frame
    .waitForFunction(
      (text) => {
        const now = document.querySelector('.keeps:not(.stale) strong')?.textContent;
        return now !== undefined && now !== text;
      },
      before,
      { polling: 'raf', timeout: 30_000 },
    )
    .catch(() => undefined);
  answers.push(ms(from));
}
answers.sort((a, b) => a - b);
line('tau moved by a key, key to new figures, median of 20', `${answers[10]} ms`, '< 100 in the engine');
line('  slowest', `${answers[19]} ms`, '');
line('  the engine says of the last', (await workbench.webview().locator('.lines').getAttribute('title')) ?? '', '');
watch = await takeWatch(frame);
line('  longest task of the page', `${Math.round(watch.longTask)} ms`, '< 200');

const { now, peak } = memoryOf(extensionHostPid(server.pid));
line('extension host, resident now / at most', `${Math.round(now / 1e6)} / ${Math.round(peak / 1e6)} MB`, '< 300');
await workbench.close();
server.stop();
process.exit(0);
