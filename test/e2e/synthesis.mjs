// The journey of synthetic instances: make them of scarce ones, look at each beside its source, accept and reject by keyboard, undo, close
// and reopen, compose to an exact volume, open the result. Screenshots go to test/artifacts/.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { portrait } from './journey.mjs';
import { untilDone } from './keyboard.mjs';

/** On a dataset of the workspace whose pictures belong to one instance each. */
export async function mouseSynthesis(workbench, { folder, name, artifacts, test }) {
  const { page } = workbench;
  const view = () => workbench.webview();
  const staging = path.join(folder, '.ballast', 'staging');
  const position = () => view().locator('.position').textContent();
  const counts = async () => {
    const steps = await view().locator('.funnel li').allTextContents();
    return Object.fromEntries(steps.map((step) => /^(.*?) ([\d,]+)/.exec(step).slice(1, 3)));
  };
  const shows = (kind, number) =>
    view()
      .locator(`.funnel li.${kind} strong`, { hasText: new RegExp(`^${number}$`) })
      .waitFor({ timeout: 30_000 });
  let made;

  await test('right-click, Synthesize Tail: the plan says what would be made, previews show what is', async () => {
    await workbench.choose(workbench.explorerRow(name), 'Synthesize Tail');
    await view()
      .locator('.keeps:not(.stale) strong', { hasText: /^Makes \d/ })
      .waitFor({ timeout: 120_000 });
    await portrait(workbench, artifacts, 'synthesis-plan');
    const source = fs.readFileSync(path.join(folder, name));
    await view().getByRole('button', { name: 'Make', exact: true }).click();
    await view().locator('.made-list img').first().waitFor({ timeout: 180_000 });
    await view()
      .locator('.outcome', { hasText: /^Made \d/ })
      .waitFor({ timeout: 300_000 });
    await page.waitForTimeout(800);
    await page.screenshot({ path: path.join(artifacts, 'e2e-synthesis-made.png') });
    assert.deepEqual(fs.readFileSync(path.join(folder, name)), source, 'the source changed');
  });

  await test('Review shows a candidate beside its source, with its gates', async () => {
    await view().getByRole('button', { name: 'Review', exact: true }).click();
    await view().locator('.side.source .frame img').waitFor({ timeout: 60_000 });
    await view().locator('.side.candidate .frame img').waitFor();
    await view().locator('.conversation .turn').first().waitFor();
    await view().locator('.gates tr.passed').first().waitFor();
    made = Number((await counts()).Generated.replaceAll(',', ''));
    assert.ok(made > 5, `${made} made`);
    assert.ok(fs.existsSync(path.join(staging, 'journal.jsonl')));
    await portrait(workbench, artifacts, 'review');
  });

  await test('A accepts, R rejects with a reason, U undoes, by keyboard', async () => {
    await view().getByLabel('Status').selectOption('pending');
    await view().locator('.single').focus();
    await page.keyboard.press('a');
    await shows('accepted', 1);
    await page.keyboard.press('a');
    await shows('accepted', 2);
    const rejected = Number((await counts()).Rejected.replaceAll(',', ''));
    await page.keyboard.press('r');
    await view().getByLabel('Why is it rejected?').waitFor();
    await page.keyboard.type('a jagged edge');
    await page.keyboard.press('Enter');
    await shows('rejected', rejected + 1);
    await page.keyboard.press('u');
    await shows('rejected', rejected);
    await page.keyboard.press('r');
    await view().getByLabel('Why is it rejected?').waitFor();
    await page.screenshot({ path: path.join(artifacts, 'e2e-review-reason.png') });
    await page.keyboard.type('blurred');
    await page.keyboard.press('Enter');
    await shows('rejected', rejected + 1);
    const events = journal(staging).filter(({ event }) => event === 'decided' || event === 'undone');
    assert.deepEqual(
      events.map(({ event, status, reason }) => [event, status ?? '', reason ?? '']),
      [
        ['decided', 'accepted', ''],
        ['decided', 'accepted', ''],
        ['decided', 'rejected', 'a jagged edge'],
        ['undone', '', ''],
        ['decided', 'rejected', 'blurred'],
      ],
    );
  });

  await test('Space zooms both, ? lists the keys, G shows the grid', async () => {
    await view().locator('.single').focus();
    await page.keyboard.press('Space');
    await view().locator('.zoom-pane img').nth(1).waitFor();
    await page.keyboard.press('+');
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(artifacts, 'e2e-review-zoom.png') });
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await view().getByRole('dialog', { name: 'Keys of the review' }).waitFor();
    await page.keyboard.press('Escape');
    await view().locator('.single').focus();
    await page.keyboard.press('g');
    await view().locator('.tile img').first().waitFor();
    await portrait(workbench, artifacts, 'review-grid');
  });

  await test('closing and reopening the panel, and the window, loses nothing', async () => {
    await view().locator('.grid').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const [place, before] = [await position(), await counts()];
    await page.waitForTimeout(7000); // VS Code in a browser writes what it is to remember every five seconds
    await page.reload();
    await workbench.ready();
    await view().locator('.tile img').first().waitFor({ timeout: 90_000 });
    assert.equal(await position(), place);
    assert.deepEqual(await counts(), before);
    assert.equal(await view().getByLabel('Status').inputValue(), 'pending');
    await workbench.palette('View: Close All Editors');
    await workbench.palette('Ballast: Review Synthetic Instances');
    await view().locator('.tile img').first().waitFor({ timeout: 60_000 });
    assert.equal(await position(), place);
    assert.deepEqual(await counts(), before);
  });

  await test('all that passed the gates are accepted at once, after a question that says how many', async () => {
    const pending = Number((await counts()).Pending.replaceAll(',', ''));
    await view()
      .getByRole('button', { name: `Accept All That Passed the Gates (${pending})` })
      .click();
    await view().getByRole('dialog').getByText(`${pending} pending candidates passed every gate`).waitFor();
    await page.screenshot({ path: path.join(artifacts, 'e2e-review-accept-all.png') });
    await view()
      .getByRole('button', { name: `Accept ${pending}`, exact: true })
      .click();
    await shows('accepted', pending + 2);
  });

  await test('compose writes exactly the volume asked for, and the result opens', async () => {
    const accepted = Number((await counts()).Accepted.replaceAll(',', ''));
    const instances = records(path.join(folder, name)).length;
    // A question closes when the focus goes back to the page at that moment: then it is asked again.
    for (let attempt = 0; ; attempt++) {
      try {
        await view().getByRole('button', { name: 'Compose Dataset' }).click();
        await workbench.pickRow('Every instance').click({ timeout: 15_000 });
        await workbench.pickRow('As many as possible').click({ timeout: 15_000 });
        break;
      } catch (error) {
        if (attempt > 2) throw error;
        await page.keyboard.press('Escape');
      }
    }
    const output = name.replace(/(\.\w+)$/, '.composed$1');
    const told = workbench.notification(`Wrote ${output}`);
    await told.waitFor({ timeout: 120_000 });
    const composed = records(path.join(folder, output));
    assert.equal(composed.length, instances + accepted);
    assert.deepEqual(composed.slice(0, instances), records(path.join(folder, name)));
    assert.ok(fs.existsSync(path.join(folder, `${output}.manifest.json`)));
    await told.getByRole('button', { name: 'Open', exact: true }).click();
    await page.locator(`.tab[data-resource-name="${output}"]`).waitFor();
    await page.screenshot({ path: path.join(artifacts, 'e2e-composed.png') });
  });

  await test('an image model in a folder of this machine makes pictures, once its terms are agreed to', async () => {
    const aside = `${folder}-models`;
    const model = await writeModel(aside);
    await workbench.palette('View: Close All Editors');
    await workbench.choose(workbench.explorerRow(name), 'Synthesize Tail');
    const form = (label) =>
      view()
        .locator('select, input')
        .and(view().getByLabel(label, { exact: true }));
    await form('Method').selectOption('variation');
    await form('Made by').selectOption('local');
    await form('Make').selectOption('count');
    await form('Instances').fill('3');
    await form('Steps').fill('12');
    await form('Size').fill('64');
    await view().getByText('Choose the folder of the local model.').first().waitFor();
    const agreement = view().getByLabel('I have read the terms and may train with the pictures');
    const question = page.locator('.quick-input-widget');
    const askForFolder = async () => {
      await view()
        .getByRole('button', { name: /Model folder/ })
        .first()
        .click();
      await question.waitFor();
      // While the question opens, it puts its own folder where one types.
      for (let typed = 0; !(await workbench.pickRow('vae_decoder').isVisible()); typed++) {
        assert.ok(typed < 20, 'the folder is not listed');
        await question.locator('input.input').fill(`${model}/`);
        await page.waitForTimeout(1000);
      }
      await question.getByRole('button', { name: 'Choose' }).click();
      await agreement.waitFor({ timeout: 15_000 });
    };
    await untilDone(workbench, askForFolder, () => agreement.isVisible());
    await view().locator('li', { hasText: 'Licence: CreativeML Open RAIL-M' }).first().waitFor({ timeout: 60_000 });
    assert.equal(await view().getByRole('button', { name: 'Make', exact: true }).isDisabled(), true, 'not before the terms are agreed to');
    await agreement.check();
    await view()
      .locator('.keeps:not(.stale) strong', { hasText: /^Makes 3/ })
      .waitFor({ timeout: 60_000 });
    await portrait(workbench, artifacts, 'synthesis-model');
    await view().getByRole('button', { name: 'Make', exact: true }).click();
    await view()
      .locator('.outcome', { hasText: /^Made 3/ })
      .waitFor({ timeout: 180_000 });
    await page.screenshot({ path: path.join(artifacts, 'e2e-synthesis-model-made.png') });
    const pictures = journal(staging).filter(({ event, candidate }) => event === 'made' && candidate.method === 'variation');
    assert.deepEqual(
      pictures.map(({ candidate: { provider, model: used } }) => [provider, /^[0-9a-f]{64}$/.test(used.hash)]),
      Array(3).fill(['local', true]),
    );
    fs.rmSync(aside, { recursive: true });
  });
}

/** A tiny image model: graphs of the usual layout with weights that nothing was learnt from. Gives its folder. */
async function writeModel(aside) {
  const outfile = path.join(aside, 'tinyModel.mjs');
  const entry = fileURLToPath(new URL('../unit/synthesis/diffusion/tinyModel.ts', import.meta.url));
  await esbuild.build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' });
  const { optimum, writeTinyModel } = await import(pathToFileURL(outfile).href);
  const model = writeTinyModel(path.join(aside, 'tiny-sd'), optimum);
  fs.writeFileSync(path.join(model, 'README.md'), '---\nlicense: creativeml-openrail-m\n---\n');
  return model;
}

function journal(staging) {
  const lines = fs.readFileSync(path.join(staging, 'journal.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function records(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
