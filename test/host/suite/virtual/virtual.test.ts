import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ballast, enginePid } from '../ballast.ts';
import { shownAfter } from '../shownInstances.ts';
import { MemoryFiles } from './memoryFiles.ts';

const record = '{"id": "1", "conversations": [{"from": "human", "value": "What is it?"}, {"from": "gpt", "value": "A cat."}]}';
const sentence = /^Ballast works on files of this machine; it cannot read "memfs" resources\./;

describe('a workspace of several folders, one of them virtual', () => {
  before(() => {
    const files = new MemoryFiles({
      '/virtual/train.json': `[${record}]`,
      '/virtual/deep/chat.jsonl': `${record}\n${record}\n`,
      '/virtual/colors.json': '[{"name": "red"}]',
      '/virtual/node_modules/no.json': `[${record}]`,
    });
    vscode.workspace.registerFileSystemProvider('memfs', files, { isReadonly: true });
  });

  it('is really one', () => {
    assert.deepEqual(
      vscode.workspace.workspaceFolders?.map(({ uri }) => uri.scheme),
      ['file', 'file', 'memfs'],
    );
  });

  it('lists the datasets of every folder in the order of the folders, and says where they lie', async () => {
    await vscode.commands.executeCommand('ballast.views.datasets.refresh');
    const rows = await (await ballast()).datasetRows();
    assert.deepEqual(
      rows.map((row) => [row.label, row.description.split(' · ')[0]]),
      [
        ['first.json', 'one'],
        ['second.json', 'two'],
        ['chat.jsonl', 'virtual/deep'],
        ['train.json', 'virtual'],
      ],
    );
  });

  it('explains below a virtual dataset, in its entities and on commands why the engine is off', async () => {
    const api = await ballast();
    const below = await api.datasetRows('train.json');
    assert.deepEqual(
      below.map((row) => row.contextValue),
      ['note'],
    );
    assert.match(below[0]?.label ?? '', sentence);
    const node = (await api.datasetRows()).find((row) => row.label === 'train.json')?.node;
    await vscode.commands.executeCommand('ballast.views.entities.chooseDataset', node);
    const entities = await api.entityRows();
    assert.equal(entities.length, 1);
    assert.match(entities[0]?.label ?? '', sentence);
    assert.match(await api.datasetTooltip(node), /memfs/);
    assert.equal(
      await vscode.commands.executeCommand('ballast.rebalanceDataset', vscode.Uri.parse('memfs:/virtual/train.json'), undefined, {
        setting: { kind: 'paper' },
      }),
      undefined,
    );
    await vscode.commands.executeCommand('ballast.reviewSynthesis', vscode.Uri.parse('memfs:/virtual/staged'));
    for (const command of ['ballast.synthesizeTail', 'ballast.composeDataset'])
      assert.equal(await vscode.commands.executeCommand(command, vscode.Uri.parse('memfs:/virtual/train.json')), undefined);
    assert.deepEqual(api.engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('browses the first records of a virtual dataset, and says why the rest is off', async () => {
    const uri = vscode.Uri.parse('memfs:/virtual/deep/chat.jsonl');
    const shown = await shownAfter(
      () => vscode.commands.executeCommand('ballast.browseInstances', uri),
      ({ matches }) => matches > 0,
    );
    assert.deepEqual([shown.matches, shown.indexed], [2, false]);
    assert.match(shown.message, /^The engine reads files of this machine only, not "memfs" resources\./);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('lists runs without waiting for a search that the virtual folder does not have', async () => {
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    assert.deepEqual(await (await ballast()).runRows(), []);
  });

  it('takes the settings of each folder', async () => {
    const [one, two] = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    assert.ok(one && two);
    const api = await ballast();
    for (const name of ['first.json', 'second.json']) {
      const rows = await api.datasetRows(name);
      assert.ok(
        rows.some((row) => row.label === 'Instances' && row.description === '60'),
        rows.map((row) => row.label).join(),
      );
    }
    assert.ok(fs.existsSync(path.join(one, '.ballast/artifacts')));
    assert.ok(fs.existsSync(path.join(two, 'runs-of-two/artifacts')));
    assert.ok(!fs.existsSync(path.join(two, '.ballast')));
    notePid(await enginePid());
  });
});

/** The runner looks for `engine-pids` in the suite's folder, which here is above the first workspace folder. */
function notePid(pid: number): void {
  fs.appendFileSync(path.join(process.env.BALLAST_WORKSPACE ?? '.', 'engine-pids'), `${pid}\n`);
}
