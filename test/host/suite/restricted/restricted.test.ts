import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { ballast, file, rebalance } from '../ballast.ts';

describe('restricted mode', () => {
  it('is really on', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('activates and lists datasets', async () => {
    const rows = await (await ballast()).datasetRows();
    assert.deepEqual(
      rows.map((row) => row.label),
      ['broken.json', 'chat.jsonl', 'table.parquet', 'big.jsonl', 'train.json'],
    );
  });

  it('asks for trust below a dataset instead of inspecting it', async () => {
    const rows = await (await ballast()).datasetRows('train.json');
    assert.deepEqual(
      rows.map((row) => [row.contextValue, row.label]),
      [['note', 'Trust this workspace to inspect the dataset.']],
    );
  });

  it('shows no entities and no runs, whatever is asked', async () => {
    const api = await ballast();
    const [dataset] = await api.datasetRows();
    await vscode.commands.executeCommand('ballast.views.entities.chooseDataset', dataset?.node);
    assert.deepEqual(await api.entityRows(), []);
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    assert.deepEqual(await api.runRows(), []);
    assert.deepEqual(api.engineState(), { kind: 'stopped' });
  });

  it('refuses to rebalance, writes nothing and never starts the engine', async () => {
    const before = fs.readdirSync(file('.'));
    assert.equal(await rebalance('train.json', { setting: { kind: 'paper' } }), undefined);
    assert.deepEqual(fs.readdirSync(file('.')), before);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
  });

  it('ignores the program that the workspace names as its engine', () => {
    assert.equal(vscode.workspace.getConfiguration().get('ballast.engine.nodePath'), '');
    assert.equal(fs.existsSync(file('trapped')), false);
  });
});
