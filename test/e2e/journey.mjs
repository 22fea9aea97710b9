// The journey of the manual in one workspace: walkthrough, rebalance, look at a dropped instance, force it, compare, go back to the earlier
// plan. With the mouse, then by keyboard alone. Screenshots of every panel in three themes and two widths go to test/artifacts/.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { keyMenu, keyPalette, keyPick, keyRow, tabTo, untilDone } from './keyboard.mjs';

const themes = [
  ['Light Modern', 'vscode-light', 'light'],
  ['Dark High Contrast', 'vscode-high-contrast', 'contrast'],
  ['Dark Modern', 'vscode-dark', 'dark'],
];
const widths = [1280, 800];

/** Screenshots of the page in front, in all themes and widths. */
export async function portrait(workbench, artifacts, name) {
  const { page } = workbench;
  for (const [theme, bodyClass, short] of themes) {
    await workbench.setTheme(theme, bodyClass);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 860 });
      await page.waitForTimeout(600); // layout, and the page's own drawing after it
      await page.screenshot({ path: path.join(artifacts, `e2e-${name}-${short}-${width}.png`) });
    }
  }
  await page.setViewportSize({ width: 1360, height: 860 });
}

/** Gets the sample through the walkthrough; the folder is empty before. */
export async function walkthrough(workbench, folder, shot) {
  const { page } = workbench;
  const button = page.locator('.gettingStartedContainer .getting-started-step.expanded .monaco-button').first();
  await untilDone(
    workbench,
    async () => {
      await workbench.palette('Welcome: Open Walkthrough');
      await page.locator('.quick-input-widget input.input').fill('Ballast');
      await workbench.pickRow('Ballast').click({ timeout: 10_000 });
      await button.waitFor();
    },
    () => button.isVisible(),
  );
  await shot('walkthrough');
  await untilDone(
    workbench,
    async () => {
      await button.click();
      await workbench.pickRow('ballast-sample').click({ timeout: 10_000 });
      await sampleWritten(folder);
    },
    () => fs.existsSync(sampleOf(folder)),
  );
  await sampleShown(workbench);
}

const sampleOf = (folder) => path.join(folder, 'ballast-sample/train.json');
/** The sample in the *Datasets* view, which comes in front when it is written. */
const sampleShown = (workbench) => workbench.treeRows().filter({ hasText: 'ballast-sample' }).first().waitFor();
const sampleWritten = (folder) => waitFor(() => fs.existsSync(sampleOf(folder)), 'the sample was not written', 30_000);

/** The same by keyboard: the button of the step is the first stop of Tab that makes the sample. */
export async function keyboardWalkthrough(workbench, folder) {
  const { page } = workbench;
  const button = page.locator('.gettingStartedContainer .getting-started-step.expanded .monaco-button').first();
  const focused = page.locator('.gettingStartedContainer .monaco-button:focus');
  await untilDone(
    workbench,
    async () => {
      await keyPalette(workbench, 'Welcome: Open Walkthrough');
      await keyPick(workbench, 'Ballast');
      await button.waitFor();
    },
    () => button.isVisible(),
  );
  await untilDone(
    workbench,
    async () => {
      for (let step = 0; step < 60 && (await focused.count()) === 0; step++) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await keyPick(workbench, 'ballast-sample');
      await sampleWritten(folder);
    },
    () => fs.existsSync(sampleOf(folder)),
  );
  await sampleShown(workbench);
}

/** The whole journey on `dataset`, a file of the workspace. Gives the outputs that it wrote. */
export async function mouseJourney(workbench, { folder, name, artifacts, test }) {
  const { page } = workbench;
  const at = (file) => path.join(folder, file);
  const outputs = [];
  let dropped;

  await test('right-click opens the panel, a dragged threshold changes the volume', async () => {
    await workbench.palette('View: Close All Editors');
    await workbench.palette('View: Show Explorer');
    await workbench.expandFolder(path.basename(folder), name);
    await workbench.choose(workbench.explorerRow(name), 'Rebalance This Dataset');
    const before = await keptText(workbench);
    const plot = panel(workbench).locator('.tau-handle').first();
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    for (let step = 1; step <= 12; step++) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + step * 4);
    await page.mouse.up();
    await waitFor(async () => (await keptText(workbench)) !== before, 'dragging changed nothing');
    await portrait(workbench, artifacts, 'panel');
  });

  await test('Apply writes what the panel shows', async () => {
    const shown = numbersOf(await keptText(workbench))[0];
    outputs.push(await apply(workbench, folder, name));
    assert.equal(records(at(outputs[0])).length, shown);
    await button(workbench, 'Open Result').click();
    await page.locator(`.tab[data-resource-name="${outputs[0]}"]`).waitFor();
    await workbench.palette('View: Close Editor');
  });

  await test('a dropped instance shows its receipt and is forced to stay', async () => {
    await button(workbench, 'Browse Dropped').click();
    const list = workbench.webview();
    await list.locator('.row[data-position="3"] .verdict-place, .row[data-position="3"] .head').first().click();
    await list.locator('.detail .receipt-place', { hasText: /dropped/i }).waitFor();
    dropped = Number(/\d[\d,]*/.exec(await list.locator('.detail h2').textContent())[0].replaceAll(',', ''));
    await portrait(workbench, artifacts, 'browser');
    await list.getByRole('button', { name: 'Force Keep' }).click();
    await list.getByLabel('Why?').fill('a rare scene');
    await page.keyboard.press('Enter');
    await list.getByRole('button', { name: 'Open Rebalance Panel' }).click();
    await panel(workbench).locator('.keeps').waitFor();
    outputs.push(await apply(workbench, folder, name));
    const source = fs.readFileSync(at(name), 'utf8');
    const record = JSON.stringify(JSON.parse(source)[dropped]);
    const holds = (file) => records(at(file)).some((each) => JSON.stringify(each) === record);
    assert.deepEqual([holds(outputs[0]), holds(outputs[1])], [false, true]);
  });

  await test('the comparison tells what was removed', async () => {
    await button(workbench, 'Open Diff').click();
    const page_ = workbench.webview();
    await page_.locator('h1').waitFor();
    await page_
      .getByText(String(records(at(outputs[1])).length.toLocaleString('en')))
      .first()
      .waitFor({ timeout: 60_000 });
    await portrait(workbench, artifacts, 'diff');
  });

  await test('the plan of the earlier run gives the earlier bytes again', async () => {
    await workbench.palette('Ballast: Focus on Runs View');
    const runs = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Runs' }) });
    const row = runs.locator('.monaco-list-row', { hasText: outputs[0] }).first();
    await row.waitFor();
    await workbench.choose(row, 'Open Plan');
    await panel(workbench).locator('.keeps').waitFor();
    outputs.push(await apply(workbench, folder, name));
    assert.deepEqual(fs.readFileSync(at(outputs[2])), fs.readFileSync(at(outputs[0])));
    assert.notDeepEqual(fs.readFileSync(at(outputs[1])), fs.readFileSync(at(outputs[0])));
  });
  return outputs;
}

/** The same by keyboard alone. */
export async function keyboardJourney(workbench, { folder, name, test }) {
  const { page } = workbench;
  const at = (file) => path.join(folder, file);
  const outputs = [];
  const press = async (label, options) => {
    await tabTo(workbench, label, options);
    await page.keyboard.press('Enter');
  };

  await test('by keyboard: the menu key opens the panel, arrows move a threshold', async () => {
    await keyPalette(workbench, 'View: Close All Editors');
    const explorer = 'File: Focus on Files Explorer';
    if (!(await workbench.explorerRow(name).isVisible())) {
      await keyRow(workbench, explorer, path.basename(folder));
      await page.keyboard.press('ArrowRight');
      await workbench.explorerRow(name).waitFor();
    }
    await keyRow(workbench, explorer, name);
    await keyMenu(workbench, 'Rebalance This Dataset');
    const before = await keptText(workbench);
    await tabTo(workbench, /threshold τ$/);
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowDown');
    await waitFor(async () => (await keptText(workbench)) !== before, 'the arrow keys changed nothing');
    await page.waitForTimeout(1500); // bursts of keys become one step of the plan
  });

  await test('by keyboard: Apply, a dropped instance, its receipt, forced to stay', async () => {
    const before = newest(folder, name);
    await press('Apply', { back: true });
    await waitFor(() => newest(folder, name) !== before, 'Apply wrote nothing');
    outputs.push(newest(folder, name));
    await button(workbench, 'Browse Dropped').waitFor();
    await press('Browse Dropped');
    const list = workbench.webview();
    await list.locator('.row .head').first().waitFor();
    await tabTo(workbench, /^#\d|^.*#\d/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await list.locator('.detail .receipt-place', { hasText: /dropped/i }).waitFor();
    await press('Force Keep');
    await page.keyboard.type('a rare scene, by keyboard');
    await page.keyboard.press('Enter');
    await press('Open Rebalance Panel');
    await keptText(workbench);
    await press('Apply');
    await waitFor(() => newest(folder, name) !== outputs[0], 'the second Apply wrote nothing');
    outputs.push(newest(folder, name));
    await workbench.webview().locator('.message.result', { hasText: outputs[1] }).waitFor();
    assert.equal(records(at(outputs[1])).length, records(at(outputs[0])).length + 1);
  });

  await test('by keyboard: compare, and back to the earlier plan', async () => {
    await press('Open Diff', { back: true });
    await workbench.webview().getByText(outputs[1]).first().waitFor();
    await keyRow(workbench, 'Ballast: Focus on Runs View', `Run ${outputs[0]}`);
    await keyMenu(workbench, 'Open Plan');
    await keptText(workbench);
    await press('Apply');
    await waitFor(() => newest(folder, name) !== outputs[1], 'the third Apply wrote nothing');
    outputs.push(newest(folder, name));
    await workbench.webview().locator('.message.result', { hasText: outputs[2] }).waitFor();
    assert.deepEqual(fs.readFileSync(at(outputs[2])), fs.readFileSync(at(outputs[0])));
  });
}

/** Name of the result that was written last. */
function newest(folder, name) {
  const { name: stem, ext } = path.parse(name);
  return fs
    .readdirSync(folder)
    .filter((file) => file.startsWith(`${stem}.rebalanced`) && file.endsWith(ext) && !file.endsWith('.manifest.json'))
    .sort((a, b) => fs.statSync(path.join(folder, b)).mtimeMs - fs.statSync(path.join(folder, a)).mtimeMs)[0];
}

function panel(workbench) {
  return workbench.webview();
}

function button(workbench, name) {
  return workbench.webview().getByRole('button', { name, exact: true }).first();
}

/** The big line of the panel once it has numbers. */
async function keptText(workbench) {
  const line = workbench.webview().locator('.keeps:not(.stale) strong', { hasText: /\d/ });
  await line.waitFor({ timeout: 60_000 });
  return line.textContent();
}

function numbersOf(text) {
  return [...text.matchAll(/\d[\d,]*/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
}

function records(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/** Presses Apply and gives the name of the file that it wrote. */
async function apply(workbench, folder, name) {
  const results = () =>
    fs
      .readdirSync(folder)
      .filter(
        (file) =>
          file.startsWith(`${path.parse(name).name}.rebalanced`) && file.endsWith(path.extname(name)) && !file.endsWith('.manifest.json'),
      );
  const before = new Set(results());
  await button(workbench, 'Apply').click();
  let written;
  await waitFor(() => {
    written = results().find((file) => !before.has(file));
    return written !== undefined;
  }, 'Apply wrote nothing');
  await workbench.webview().locator('.message.result', { hasText: written }).waitFor();
  return written;
}

async function waitFor(condition, complaint, ms = 60_000) {
  for (const until = Date.now() + ms; Date.now() < until; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(complaint);
}
