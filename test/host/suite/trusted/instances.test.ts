import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { OpenAt } from '../../../../src/protocol/instancesPage.ts';
import { ballast, enginePid, file, nextState, rebalance } from '../ballast.ts';
import { type Shown, shownAfter } from '../shownInstances.ts';

describe('Browse Instances', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('shows the rows of a dataset from a click in the explorer', async () => {
    const uri = vscode.Uri.file(file('train.json'));
    const work = (): Thenable<unknown> => vscode.commands.executeCommand('ballast.browseInstances', uri, [uri]);
    const shown = await shownAfter(work, ({ indexed }) => indexed);
    assert.deepEqual([shown.dataset, shown.matches, shown.first, shown.message], [uri.toString(), 400, 0, '']);
    assert.ok(shown.rows > 3 && shown.rows < 60, `${shown.rows} rows in the document`);
    assert.deepEqual(tabLabels(), ['Instances: train.json']);
    await enginePid();
  });

  it('opens each dataset once, from the view too, and Parquet as well', async () => {
    const rows = await (await ballast()).datasetRows();
    for (const [name, count] of [
      ['table.parquet', 50],
      ['broken.json', 3],
      ['table.parquet', 50],
    ] as const) {
      const node = rows.find(({ label }) => label === name)?.node;
      const shown = await shownAfter(
        () => vscode.commands.executeCommand('ballast.browseInstances', node),
        ({ dataset, indexed }) => indexed && dataset.endsWith(name),
      );
      assert.equal(shown.matches, count);
    }
    assert.deepEqual(tabLabels(), ['Instances: table.parquet', 'Instances: broken.json']);
  });

  it('goes to an instance, with its detail', async () => {
    await browse('train.json', { ordinal: 222 }, ({ selected, first, last }) => selected === 222 && first <= 222 && last >= 222);
    // Again on the open page, and from another one.
    await browse('train.json', { ordinal: 5 }, ({ selected, first }) => selected === 5 && first <= 5);
  });

  it('shows the instances that hold an entity, as many as the view counts', async () => {
    const api = await ballast();
    const dataset = (await api.datasetRows()).find(({ label }) => label === 'train.json');
    await vscode.commands.executeCommand('ballast.views.entities.chooseDataset', dataset?.node);
    const entity = (await api.entityRows('Object')).find(({ contextValue }) => contextValue === 'entity');
    const count = Number(/^([\d,]+) /.exec(entity?.description ?? '')?.[1]?.replaceAll(',', ''));
    const shown = await shownAfter(
      () => vscode.commands.executeCommand('ballast.showInstances', entity?.node),
      ({ indexed, matches }) => indexed && matches === count,
    );
    assert.equal(shown.message, '');
    assert.ok(count > 0 && count < 400, `${count} of 400`);
  });

  it('shows the verdicts of a run, and counts them as the run did', async () => {
    const outcome = await rebalance('train.json', { setting: { kind: 'percent', value: 60 } });
    const { manifest, kept } = outcome?.report ?? {};
    assert.ok(manifest !== undefined && kept !== undefined);
    await browse('train.json', { manifest, filter: { verdict: 'kept' } }, ({ matches }) => matches === kept);
    await browse('train.json', { filter: { verdict: 'dropped' } }, ({ matches }) => matches === 400 - kept);
    // A row of the view Runs stands for its dataset and its manifest.
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    const run = (await (await ballast()).runRows()).find(({ label }) => label === path.basename(outcome?.report.output?.path ?? ''));
    const shown = await shownAfter(
      () => vscode.commands.executeCommand('ballast.browseInstances', run?.node, { filter: {} }),
      ({ indexed, matches }) => indexed && matches === 400,
    );
    assert.equal(shown.dataset, vscode.Uri.file(file('train.json')).toString());
  });

  it('is where it was after it was hidden', async () => {
    const records = JSON.parse(fs.readFileSync(file('train.json'), 'utf8')) as readonly { image?: unknown }[];
    const images = records.filter(({ image }) => typeof image === 'string').length;
    const isThere = ({ indexed, matches, selected }: Shown): boolean => indexed && matches === images && selected === 7;
    await browse('train.json', { filter: { media: ['image'] }, ordinal: 7 }, isThere);
    await vscode.window.showTextDocument(vscode.Uri.file(file('annotations/chat.jsonl')), { preview: false });
    const again = await browse('train.json', undefined, isThere);
    assert.ok(images > 0 && images < records.length);
    assert.equal(again.matches, images);
  });

  it('tells that its file changed and that it is gone', async () => {
    const lines = fs.readFileSync(file('annotations/chat.jsonl'), 'utf8').trim().split('\n');
    const name = 'zz-browse.jsonl';
    fs.writeFileSync(file(name), `${lines.slice(0, 20).join('\n')}\n`);
    await browse(name, undefined, ({ indexed, matches }) => indexed && matches === 20);
    await shownAfter(
      async () => fs.writeFileSync(file(name), `${lines.slice(0, 30).join('\n')}\n`),
      ({ message }) => message.startsWith('The file changed on the disk.'),
    );
    await shownAfter(
      async () => fs.rmSync(file(name)),
      ({ message }) => message.startsWith('The file does not exist any more.'),
    );
  });

  it('goes on with a new engine when the old one was killed', async () => {
    await browse('train.json', undefined, ({ indexed }) => indexed);
    process.kill(await enginePid(), 'SIGKILL');
    await nextState(({ kind }) => kind === 'failed');
    const shown = await browse('train.json', { filter: { media: ['none'] } }, ({ indexed, matches }) => indexed && matches < 400);
    assert.equal(shown.message, '');
    await enginePid();
  });

  it('says what is wrong with a file that is no dataset', async () => {
    fs.writeFileSync(file('zz-none.json'), '');
    const shown = await browse('zz-none.json', undefined, ({ message }) => message !== '');
    fs.rmSync(file('zz-none.json'));
    assert.match(shown.message, /^zz-none\.json /);
  });
});

function browse(name: string, openAt: OpenAt | undefined, wanted: (shown: Shown) => boolean): Promise<Shown> {
  return shownAfter(() => vscode.commands.executeCommand('ballast.browseInstances', vscode.Uri.file(file(name)), openAt), wanted);
}

function tabLabels(): readonly string[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
}
