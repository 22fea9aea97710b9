// The journey of clusters and coresets in one workspace: cluster a dataset, from a tile of the treemap to an instance and from the instance
// to its cluster, select a coreset. With the mouse, then by keyboard alone. Screenshots go to test/artifacts/.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { portrait } from './journey.mjs';
import { keyMenu, keyPalette, keyRow, tabTo } from './keyboard.mjs';

/** With the mouse, on a dataset of the workspace that was never clustered. */
export async function mouseCoresets(workbench, { folder, name, artifacts, test }) {
  const { page } = workbench;
  const view = () => workbench.webview();
  let cluster;

  await test('right-click clusters a dataset and opens its clusters', async () => {
    await workbench.choose(workbench.explorerRow(name), 'Cluster This Dataset');
    await workbench.pickRow('Built-in Features').click();
    await answer(workbench, '12');
    await view().getByRole('heading', { level: 1, name: 'Clusters of' }).waitFor({ timeout: 120_000 });
    await view().locator('.chart[role=application]').first().waitFor({ timeout: 60_000 });
    await portrait(workbench, artifacts, 'clusters');
  });

  await test('a tile of the treemap leads to its card, the card to an instance', async () => {
    const chart = view().locator('.chart[role=application]').first();
    const box = await chart.boundingBox();
    // Away from the edge: the largest cluster lies there.
    await page.mouse.click(box.x + box.width / 5, box.y + box.height / 3);
    cluster = clusterOf(await view().locator('.card h2').textContent());
    await view().locator('.card .medoid img').first().waitFor();
    await page.screenshot({ path: path.join(artifacts, 'e2e-cluster-card.png') });
    await view().locator('.card .medoid').first().click();
    await view().locator('.detail .cluster dl').waitFor({ timeout: 60_000 });
    await portrait(workbench, artifacts, 'instance-cluster');
  });

  await test('the instance names its cluster and leads back to it', async () => {
    assert.equal(Number(await view().locator('.detail .cluster dd').first().textContent()), cluster);
    await view().getByRole('button', { name: 'Show Cluster' }).click();
    await view()
      .locator('.card h2', { hasText: `Cluster ${cluster}` })
      .waitFor();
  });

  await test('right-click selects a coreset: strategies at equal size, coverage by size', async () => {
    await workbench.palette('View: Show Explorer');
    await workbench.choose(workbench.explorerRow(name), 'Select Coreset');
    await view().locator('.keeps:not(.stale) strong', { hasText: 'Selects' }).waitFor({ timeout: 60_000 });
    // The clusters that were just made are the ones it begins with.
    assert.equal(await view().getByLabel('Clusters', { exact: true }).inputValue(), 'number');
    await view().locator('.frontier canvas').waitFor({ timeout: 60_000 });
    await view().getByRole('checkbox', { name: 'SemDeDup' }).check();
    await view().locator('.legend li', { hasText: 'SemDeDup' }).waitFor({ timeout: 60_000 });
    await portrait(workbench, artifacts, 'coreset');
  });

  await test('Apply writes what the panel shows, and its clusters can be looked at', async () => {
    const source = fs.readFileSync(path.join(folder, name));
    const shown = Number(/Selects ([\d,]+) of/.exec(await view().locator('.keeps strong').textContent())[1].replaceAll(',', ''));
    await view().getByRole('button', { name: 'Apply', exact: true }).click();
    const coreset = name.replace(/(\.\w+)$/, '.coreset$1');
    await view().locator('.message.result', { hasText: coreset }).waitFor({ timeout: 60_000 });
    assert.equal(records(path.join(folder, coreset)).length, shown);
    assert.deepEqual(fs.readFileSync(path.join(folder, name)), source, 'the source changed');
    await view().locator('.message.result').getByRole('button', { name: 'Open Clusters' }).click();
    await view().getByRole('heading', { level: 1, name: 'Clusters of' }).waitFor();
    await view().getByRole('tab', { name: 'Quota', exact: true }).click();
    await page.waitForTimeout(800);
    await page.screenshot({ path: path.join(artifacts, 'e2e-clusters-quota.png') });
  });

  await test('a dropped instance says in words why', async () => {
    await workbench.palette('View: Show Explorer');
    await workbench.choose(workbench.explorerRow(name), 'Select Coreset');
    await view().locator('.message.result').getByRole('button', { name: 'Browse Dropped' }).click();
    await view().locator('.row .head').first().click();
    await view()
      .locator('.receipt .lead', { hasText: /cluster/ })
      .waitFor({ timeout: 60_000 });
    await page.screenshot({ path: path.join(artifacts, 'e2e-coreset-receipt.png') });
  });
}

/** The same by keyboard alone, on another dataset. */
export async function keyboardCoresets(workbench, { folder, name, test }) {
  const { page } = workbench;
  const view = () => workbench.webview();
  const press = async (label, options) => {
    await tabTo(workbench, label, options);
    await page.keyboard.press('Enter');
  };
  let cluster;

  await test('by keyboard: cluster a dataset, from a tile to its card', async () => {
    await keyPalette(workbench, 'View: Close All Editors');
    await keyRow(workbench, 'File: Focus on Files Explorer', name);
    await keyMenu(workbench, 'Cluster This Dataset');
    await workbench.pickRow('Built-in Features').waitFor();
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await answer(workbench, '7');
    await view().locator('.chart[role=application]').first().waitFor({ timeout: 120_000 });
    await tabTo(workbench, /^Treemap of 7 clusters/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    cluster = clusterOf(await view().locator('.card h2').textContent());
  });

  await test('by keyboard: to an instance, and from the instance to its cluster', async () => {
    await press(/#\d/);
    await view().locator('.detail .cluster dl').waitFor({ timeout: 60_000 });
    assert.equal(Number(await view().locator('.detail .cluster dd').first().textContent()), cluster);
    await press('Show Cluster');
    await view()
      .locator('.card h2', { hasText: `Cluster ${cluster}` })
      .waitFor();
  });

  await test('by keyboard: select a coreset', async () => {
    await keyRow(workbench, 'File: Focus on Files Explorer', name);
    await keyMenu(workbench, 'Select Coreset');
    const line = view().locator('.keeps:not(.stale) strong', { hasText: 'Selects' });
    await line.waitFor({ timeout: 60_000 });
    const before = await line.textContent();
    await tabTo(workbench, 'Percent');
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight');
    await view().locator('.keeps:not(.stale) strong', { hasNotText: before }).waitFor({ timeout: 60_000 });
    await press('Apply', { back: true });
    const coreset = name.replace(/(\.\w+)$/, '.coreset$1');
    await view().locator('.message.result', { hasText: coreset }).waitFor({ timeout: 60_000 });
    assert.match(await line.textContent(), new RegExp(`^Selects ${records(path.join(folder, coreset)).length} of `));
  });
}

/** Writes into the input box of a question and takes it. */
async function answer(workbench, text) {
  const { page } = workbench;
  await page.locator('.quick-input-widget', { hasText: 'Number of clusters' }).waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

function clusterOf(heading) {
  return Number(/\d+/.exec(heading)[0]);
}

function records(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
