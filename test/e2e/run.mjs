// UI tests on the packaged extension in a real VS Code: node test/e2e/run.mjs FILE.vsix [--only SECTION,...] [FOLDER DATASET]
// With FOLDER and DATASET (a file name in it) only the main walk runs, on a copy of that folder. Screenshots go to test/artifacts/.
// A section in which a test failed runs once more, in a new window on a new folder, and its second results count: a workbench on a
// busy machine loses a click now and then. What failed at first is told whole when it fails again, else in test/artifacts/e2e-first-tries.log.
// Last line: "N passed, N failed".
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { installServer } from '../host/install.mjs';
import { startServer } from '../host/launcher.mjs';
import { makeWorkspace } from '../host/workspace.mjs';
import { keyboardCoresets, mouseCoresets } from './coresets.mjs';
import { keyboardJourney, keyboardWalkthrough, mouseJourney, walkthrough } from './journey.mjs';
import { mouseSynthesis } from './synthesis.mjs';
import { openWorkbench } from './workbench.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } });
const [vsix, ownFolder, ownDataset] = positionals;
const sections = ownFolder ? { own: ownData } : { trusted, journey, keyboard, coresets, synthesis, restricted };
const chosen = options.only?.split(',') ?? Object.keys(sections);
if (!vsix || !fs.existsSync(vsix) || chosen.some((name) => !(name in sections))) {
  console.error(`usage: node test/e2e/run.mjs FILE.vsix [--only ${Object.keys(sections).join(',')}] [FOLDER DATASET]`);
  process.exit(2);
}
const artifacts = path.join(root, 'test/artifacts');
fs.mkdirSync(artifacts, { recursive: true });
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'vsu-'));
process.on('exit', () => fs.rmSync(tmp, { recursive: true, force: true }));

let passed = 0;
/** What failed in this attempt, a line each. */
let failed = [];
let workbench;
let server;
const shot = (name) => workbench.page.screenshot({ path: path.join(artifacts, `e2e-${name}.png`) });

async function test(name, body) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  try {
    await body();
    passed++;
    console.log(`  ok ${name} (${seconds()} s)`);
  } catch (error) {
    console.log(`  ?? ${name} (${seconds()} s)`);
    await fail(name, error);
    await shot(`failed-${failed.length}`).catch(() => undefined);
    await workbench.page.keyboard.press('Escape').catch(() => undefined);
  }
}

async function fail(name, error) {
  const screen = await workbench?.describe().catch(() => undefined);
  failed.push({ name, error, screen });
}

/** A failure in few lines: a log is often all that is left of it. */
function story({ name, error, screen }) {
  const places = (error.stack ?? '').split('\n').filter((line) => line.includes('/test/e2e/'));
  const message = stripVTControlCharacters(String(error.message ?? error)).split('\n');
  const shown = message.slice(0, 8).map((line) => line.slice(0, 300));
  return [`not ok ${name}: ${shown.join('\n    ')}`, ...places.slice(0, 4), ...(screen ?? []).map((line) => `    ${line}`)].join('\n');
}

installServer();
const firstTries = path.join(artifacts, 'e2e-first-tries.log');
fs.rmSync(firstTries, { force: true });
const total = { passed: 0, failed: [] };
for (const name of chosen) {
  let before = [];
  for (let attempt = 1; attempt <= 2; attempt++) {
    console.log(`--- ${name}${attempt > 1 ? ', once more' : ''}`);
    [passed, failed] = [0, []];
    try {
      await sections[name](path.join(tmp, `${name}-${attempt}`));
    } catch (error) {
      await fail(name, error);
    }
    await close();
    if (failed.length === 0) break;
    if (attempt === 1) before = failed;
  }
  if (failed.length > 0) console.log(`${failed.map(story).join('\n')}\nbefore that, at the first try:\n${before.map(story).join('\n')}`);
  else if (before.length > 0) fs.appendFileSync(firstTries, `--- ${name}\n${before.map(story).join('\n')}\n`);
  total.passed += passed;
  total.failed.push(...failed.map(({ name: test, error }) => `${test}: ${String(error.message ?? error).split('\n')[0]}`));
}
for (const line of total.failed) console.log(`FAILED ${line}`);
console.log(`${total.passed} passed, ${total.failed.length} failed`);
process.exit(total.failed.length > 0 || total.passed === 0 ? 1 : 0);

/** A window on a folder, in a server of its own. */
async function open(folder, how = {}) {
  server = await startServer({ vsix: [vsix], smokeTestDriver: false, ...how });
  workbench = await openWorkbench(server, folder);
}

async function close() {
  await workbench?.close().catch(() => undefined);
  server?.stop();
  [workbench, server] = [undefined, undefined];
}

async function trusted(workspace) {
  const folder = await makeWorkspace(workspace);
  await open(folder);
  const { page } = workbench;

  await test('the menu item is on datasets and not on package.json', async () => {
    const item = await workbench.contextMenu(workbench.explorerRow('train.json'), 'Rebalance This Dataset');
    await shot('menu');
    assert.equal(await item.isVisible(), true);
    await page.keyboard.press('Escape');
    await workbench.contextMenu(workbench.explorerRow('package.json'));
    assert.equal(await workbench.menuItems().filter({ hasText: 'Rebalance' }).count(), 0);
    await page.keyboard.press('Escape');
  });

  await test('right-click, panel, target, apply, files', () => mainWalk(folder, 'train.json'));

  await test('the chart follows the theme', async () => {
    await workbench.setTheme('Dark Modern', 'vscode-dark');
    await shot('chart-dark');
    await workbench.setTheme('Dark High Contrast', 'vscode-high-contrast');
    await shot('chart-high-contrast');
    await workbench.setTheme('Light Modern', 'vscode-light');
  });

  await test('tables are one key away', async () => {
    await workbench.webview().locator('h1').click();
    await page.keyboard.press('t');
    await workbench.webview().locator('.tables table').first().waitFor();
    await shot('tables');
    await page.keyboard.press('t');
    await workbench.webview().locator('canvas').first().waitFor();
  });

  await test('the panel survives a reload of the window, with plan and result', async () => {
    const numbers = () => workbench.webview().locator('.keeps').textContent();
    const before = await numbers();
    const result = await workbench.webview().locator('.result p').textContent();
    await page.waitForTimeout(7000); // VS Code in a browser writes what it is to remember every five seconds
    await page.reload();
    await workbench.ready();
    await workbench.webview().locator('.keeps strong', { hasText: /\d/ }).waitFor({ timeout: 60_000 });
    assert.equal(await numbers(), before);
    await workbench.webview().locator('.chart canvas').first().waitFor();
    assert.equal(await workbench.webview().locator('.result p').textContent(), result);
  });

  await test('the page opens the result and the manifest', async () => {
    await workbench.webview().getByRole('button', { name: 'Open Result' }).click();
    await page.locator('.tab[data-resource-name="train.rebalanced.json"]').waitFor();
    await workbench.palette('View: Close Editor');
    await workbench.webview().getByRole('button', { name: 'Reveal Manifest' }).click();
    await page.locator('.tab[data-resource-name$=".manifest.json"]').waitFor();
    await workbench.palette('View: Close All Editors');
  });

  await test('Cancel in the notification cancels, nothing is left', async () => {
    await rebalance('big.jsonl', 'Paper Setting');
    const progress = workbench.notification('Rebalancing big.jsonl');
    await progress.waitFor();
    await progress.hover();
    await shot('progress');
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'detached' });
    await workbench.statusItem().filter({ hasText: 'idle' }).waitFor();
    assert.deepEqual(leftovers(folder), []);
    assert.equal(await workbench.notification('Ballast').count(), 0, 'cancelled is no error');
  });

  await test('a killed engine is told, and the next command works', async () => {
    await rebalance('big.jsonl', 'Paper Setting');
    await workbench.notification('Rebalancing big.jsonl').waitFor();
    const pids = enginePids(server.pid);
    assert.equal(pids.length, 1, `engines: ${pids.join()}`);
    process.kill(pids[0], 'SIGKILL');
    const told = workbench.notification('The Ballast engine ended unexpectedly (SIGKILL)');
    await told.waitFor();
    await workbench.statusItem().filter({ hasText: 'failed' }).waitFor();
    await page.waitForTimeout(600);
    await shot('killed');
    assert.deepEqual(await told.locator('.monaco-button:visible').allTextContents(), ['Show Log', 'Try Again']);
    await workbench.dismissNotifications();
    await rebalance('train.json', 'Keep 75 %');
    await workbench.webview().locator('.result p', { hasText: 'train.rebalanced-2.json' }).waitFor({ timeout: 60_000 });
    assert.ok(fs.existsSync(path.join(folder, 'train.rebalanced-2.json')));
    assert.deepEqual(leftovers(folder), []);
    await workbench.dismissNotifications();
  });

  await test('the Datasets view lists, inspects and rebalances', async () => {
    await workbench.palette('View: Close All Editors');
    await workbench.palette('Ballast: Focus on Datasets View');
    const row = workbench.treeRows().filter({ hasText: 'chat.jsonl' }).first();
    await row.waitFor();
    await row.locator('.monaco-tl-twistie').click();
    await workbench.treeRows().filter({ hasText: 'Instances' }).first().waitFor({ timeout: 60_000 });
    await row.hover();
    await shot('datasets');
    await row.locator('.action-label[aria-label^="Rebalance This Dataset"]').click();
    await workbench.webview().locator('h1', { hasText: 'chat.jsonl' }).waitFor({ timeout: 60_000 });
    await workbench.webview().locator('.keeps strong', { hasText: 'Keeps' }).waitFor({ timeout: 60_000 });
    await workbench.webview().getByRole('button', { name: 'Apply' }).click();
    await workbench.webview().locator('.result p', { hasText: 'chat.rebalanced.jsonl' }).waitFor({ timeout: 60_000 });
    assert.ok(fs.existsSync(path.join(folder, 'annotations/chat.rebalanced.jsonl')));
  });

  await test('the palette asks for a file, a custom target is checked', async () => {
    await workbench.palette('Ballast: Rebalance This Dataset'); // the active editor is a chart, so a dataset is asked for
    await page.locator('.quick-input-widget input[placeholder="Choose a dataset"]').waitFor();
    await page.waitForTimeout(1000); // a question that closes at once is asked again
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await rebalance('train.json', 'Custom Target');
    const input = page.locator('.quick-input-widget input.input');
    await input.fill('150 %');
    await page.locator('.quick-input-message', { hasText: 'Write a percentage' }).waitFor();
    await shot('custom-target');
    await page.keyboard.press('Escape');
  });

  await test('nothing left the machine and no error reached the page', () => {
    assert.deepEqual([...workbench.external], []);
    assert.deepEqual(workbench.errors, []);
  });

  const engines = enginePids(server.pid);
  await close();
  await test('no engine outlives VS Code', async () => {
    assert.ok(engines.length > 0);
    for (let i = 0; i < 100 && engines.some(isAlive); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(engines.filter(isAlive), []);
  });
}

/** From an empty folder through the walkthrough to a result, and back. */
async function journey(workspace) {
  await openEmpty(workspace);
  await test('the walkthrough makes a sample', () => walkthrough(workbench, workspace, shot));
  await mouseJourney(workbench, { folder: path.join(workspace, 'ballast-sample'), name: 'train.json', artifacts, test });
  await nothingLeft();
}

/** The same journey by keyboard alone. */
async function keyboard(workspace) {
  await openEmpty(workspace);
  await test('by keyboard: the walkthrough makes a sample', () => keyboardWalkthrough(workbench, workspace));
  await keyboardJourney(workbench, { folder: path.join(workspace, 'ballast-sample'), name: 'train.json', test });
  await nothingLeft();
}

/** From a dataset to its clusters, an instance of one of them, and a coreset; with the mouse and by keyboard. */
async function coresets(workspace) {
  const at = (name) => path.join(workspace, name);
  const images = { dir: at('.'), count: 24, size: 160 };
  await generateDataset({ outFile: at('train.json'), instances: 900, profile: 'small', seed: 5, validJson: true, images });
  await generateDataset({ outFile: at('other.json'), instances: 300, profile: 'small', seed: 6, validJson: true });
  fs.writeFileSync(at('package.json'), '{}\n');
  await open(workspace);
  await mouseCoresets(workbench, { folder: workspace, name: 'train.json', artifacts, test });
  await keyboardCoresets(workbench, { folder: workspace, name: 'other.json', test });
  await nothingLeft();
}

async function synthesis(workspace) {
  const at = (name) => path.join(workspace, name);
  const images = { dir: at('.'), count: 60, size: 200 };
  await generateDataset({ outFile: at('train.json'), instances: 60, profile: 'small', seed: 11, validJson: true, images });
  fs.writeFileSync(at('package.json'), '{}\n');
  await open(workspace);
  await mouseSynthesis(workbench, { folder: workspace, name: 'train.json', artifacts, test });
  await nothingLeft();
}

async function openEmpty(workspace) {
  fs.mkdirSync(workspace);
  fs.writeFileSync(path.join(workspace, 'package.json'), '{}\n');
  await open(workspace);
}

function nothingLeft() {
  return test('the journey reached no other machine and raised no error', () => {
    assert.deepEqual([...workbench.external], []);
    assert.deepEqual(workbench.errors, []);
  });
}

async function restricted(workspace) {
  const folder = await makeWorkspace(workspace, { big: 0 });
  await open(folder, { trust: true });
  const { page } = workbench;

  await test('Restricted Mode says why nothing starts', async () => {
    await workbench.choose(workbench.explorerRow('train.json'), 'Rebalance This Dataset');
    const refusal = workbench.notification('Ballast does not start its engine in Restricted Mode');
    await refusal.waitFor();
    await page.waitForTimeout(600); // the toast slides in
    await shot('restricted');
    assert.deepEqual(enginePids(server.pid), []);
    await refusal.locator('.monaco-button', { hasText: 'Manage Workspace Trust' }).click();
  });

  await test('trust unlocks the same command without a reload', async () => {
    await page
      .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
      .first()
      .click();
    await page.locator('.workspace-trust-editor.trusted').waitFor();
    await workbench.palette('View: Close All Editors');
    await workbench.palette('View: Show Explorer');
    await mainWalk(folder, 'train.json');
    assert.equal(fs.existsSync(path.join(folder, 'trapped')), false, 'the workspace chose the engine');
  });
}

async function ownData(folder) {
  fs.cpSync(ownFolder, folder, { recursive: true });
  if (!fs.existsSync(path.join(folder, 'package.json'))) fs.writeFileSync(path.join(folder, 'package.json'), '{}\n');
  await open(folder);
  await test(`main walk on ${ownDataset}`, () => mainWalk(folder, ownDataset, 'own-'));
  await test('dark theme', async () => {
    await workbench.setTheme('Dark Modern', 'vscode-dark');
    await shot('own-chart-dark');
  });
}

/** The walk of the manual: right-click, live panel, target with its expected volume, Apply, result beside the source. */
async function mainWalk(folder, name, prefix = '') {
  const { page } = workbench;
  const source = fs.readFileSync(path.join(folder, name));
  await workbench.choose(workbench.explorerRow(name), 'Rebalance This Dataset');
  const panel = workbench.webview();
  const keeps = panel.locator('.keeps:not(.stale) strong');
  await keeps.filter({ hasText: 'Keeps' }).waitFor({ timeout: 120_000 });
  await shot(`${prefix}panel`);
  const total = JSON.parse(source.toString('utf8')).length;
  await panel.getByLabel('Target volume').selectOption('percent');
  await panel.getByRole('spinbutton', { name: 'Wanted' }).fill('50');
  await panel.locator('.lines', { hasText: 'Target' }).waitFor({ timeout: 60_000 });
  await panel.getByRole('button', { name: 'Apply' }).click();
  const done = panel.locator('.result p');
  await done.waitFor({ timeout: 120_000 });
  await page.waitForTimeout(500);
  await shot(`${prefix}chart-light`);

  const result = name.replace(/(\.\w+)$/, '.rebalanced$1');
  const kept = JSON.parse(fs.readFileSync(path.join(folder, result), 'utf8')).length;
  assert.deepEqual(fs.readFileSync(path.join(folder, name)), source, 'the source changed');
  assert.ok(
    fs.readdirSync(folder).some((file) => file.endsWith('.manifest.json') && file.startsWith(result.replace(/\.\w+$/, ''))),
    'no manifest',
  );
  const n = (value) => value.toLocaleString('en');
  // What the panel shows is what it wrote.
  assert.match((await keeps.textContent()) ?? '', new RegExp(`^Keeps ${n(kept)} of ${n(total)} `));
  assert.equal(await done.textContent(), `Wrote ${result}: kept ${n(kept)} of ${n(total)} instances, dropped ${n(total - kept)}.`);
  assert.deepEqual(await panel.locator('.result button').allTextContents(), [
    'Open Result',
    'Reveal Manifest',
    'Open Diff',
    'Browse Dropped',
  ]);
  const painted = await workbench
    .webview()
    .locator('.chart:not([hidden]) canvas')
    .evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let pixels = 0;
        for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) pixels++;
        return pixels;
      }),
    );
  assert.ok(painted.length >= 3 && painted.every((pixels) => pixels > 1000), `painted ${painted.join()}`);
}

/** The quick way: one gesture in the view *Datasets* and one choice. */
async function rebalance(name, setting) {
  await workbench.palette('Ballast: Focus on Datasets View');
  const row = workbench.treeRows().filter({ hasText: name }).first();
  await row.waitFor();
  await workbench.choose(row, 'Rebalance to a Target Volume');
  await workbench.pickRow(setting).click();
}

/** Files that a cancelled or killed run on big.jsonl may not leave. */
function leftovers(folder) {
  return fs.readdirSync(folder).filter((name) => name.startsWith('big.') && name !== 'big.jsonl');
}

/** Engines below a server, found in the process table of Linux. */
function enginePids(serverPid) {
  const rows = [];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = /\) \S (\d+)/.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
      rows.push({ pid: Number(name), parent: Number(parent), args: fs.readFileSync(`/proc/${name}/cmdline`, 'utf8') });
    } catch {
      // ended meanwhile
    }
  }
  const below = new Set([serverPid]);
  for (let grew = true; grew; ) {
    const size = below.size;
    for (const row of rows) if (below.has(row.parent)) below.add(row.pid);
    grew = below.size > size;
  }
  return rows.filter((row) => below.has(row.pid) && row.args.includes('dist/engine.js')).map((row) => row.pid);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
