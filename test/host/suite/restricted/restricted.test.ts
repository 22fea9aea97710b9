import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
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
    assert.equal(await rebalance('train.json'), undefined);
    assert.equal((await ballast()).selectionPanel(file('train.json')), undefined, 'a panel was opened');
    assert.deepEqual(fs.readdirSync(file('.')), before);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
  });

  it('says nothing of what only the engine knows, and offers nothing to cancel', async () => {
    const api = await ballast();
    const [dataset] = await api.datasetRows();
    assert.doesNotMatch(await api.datasetTooltip(dataset?.node), /data:image/);
    assert.equal(api.datasetsWithProblems(), 0);
    await vscode.commands.executeCommand('ballast.views.entities.cancel');
    await vscode.commands.executeCommand('ballast.views.entities.refresh');
    assert.deepEqual(api.engineState(), { kind: 'stopped' });
  });

  it('writes a report of an issue without the engine, with no path in it', async () => {
    await vscode.commands.executeCommand('ballast.reportIssue');
    const document = vscode.window.activeTextEditor?.document;
    assert.deepEqual([document?.languageId, document?.isUntitled], ['markdown', true]);
    const text = document?.getText() ?? '';
    assert.ok(text.includes('"trusted": false') && text.includes(`"vscode": "${/^[\d.]+/.exec(vscode.version)?.[0]}`), text);
    for (const secret of [file('.'), os.homedir(), os.hostname(), os.userInfo().username])
      if (secret.length > 3) assert.ok(!text.includes(secret), secret);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('creates the sample all the same: its files are our own', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const dataset = await vscode.commands.executeCommand<vscode.Uri | undefined>('ballast.createSample', { folder });
    assert.ok(dataset !== undefined && fs.existsSync(dataset.fsPath));
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    fs.rmSync(file('ballast-sample'), { recursive: true });
    await vscode.commands.executeCommand('ballast.views.datasets.refresh');
  });

  it('ignores the program that the workspace names as its engine', () => {
    assert.equal(vscode.workspace.getConfiguration().get('ballast.engine.nodePath'), '');
    assert.equal(fs.existsSync(file('trapped')), false);
  });
});
