import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ballast, enginePid } from '../ballast.ts';

describe('view Datasets', () => {
  before(() => vscode.commands.executeCommand('workbench.view.extension.ballast'));

  it('lists what looks like a dataset and nothing else', async () => {
    const rows = await (await ballast()).datasetRows();
    assert.deepEqual(
      rows.map((row) => row.label),
      ['broken.json', 'chat.jsonl', 'table.parquet', 'big.jsonl', 'train.json'],
    );
    assert.ok(rows.every((row) => row.contextValue === 'dataset'));
    assert.match(rows[0]?.description ?? '', /^annotations · /);
  });

  it('shows what the engine found below a dataset', async () => {
    const rows = await (await ballast()).datasetRows('train.json');
    await enginePid();
    const shown = rows.map((row) => `${row.label}: ${row.description}`);
    const expected = [
      /^Variant: llava, json$/,
      /^Instances: 400$/,
      /^Turns: [\d,]{4,}$/,
      /^Images: \d+ distinct, on \d+ instances$/,
      /^Problems: none$/,
    ];
    assert.equal(shown.length, expected.length, shown.join('; '));
    for (const [i, pattern] of expected.entries()) assert.match(shown[i] ?? '', pattern);
  });

  it('stays useful with a broken record', async () => {
    const rows = await (await ballast()).datasetRows('broken.json');
    const byLabel = new Map(rows.map((row) => [row.label, row]));
    assert.match(byLabel.get('Instances')?.description ?? '', /^2 usable of \d+ records$/);
    assert.equal(byLabel.get('Problems')?.contextValue, 'problems');
    assert.match(byLabel.get('Problems')?.description ?? '', /^\d+$/);
  });

  it('finds new files on refresh', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const added = vscode.Uri.joinPath(folder, 'zz-added.jsonl');
    await vscode.workspace.fs.writeFile(added, new TextEncoder().encode('{"messages":[{"role":"user","content":"What is it?"}]}\n'));
    await vscode.commands.executeCommand('ballast.views.datasets.refresh');
    assert.equal((await (await ballast()).datasetRows()).at(-1)?.label, 'zz-added.jsonl');
    await vscode.workspace.fs.delete(added);
  });
});
