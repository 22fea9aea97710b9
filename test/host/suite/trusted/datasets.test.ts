import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ballast, enginePid, file, until } from '../ballast.ts';

describe('view Datasets', () => {
  before(() => vscode.commands.executeCommand('workbench.view.extension.ballast'));

  it('lists what looks like a dataset and nothing else', async () => {
    // Refreshed, because other suites have just deleted their results.
    await vscode.commands.executeCommand('ballast.views.datasets.refresh');
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

  it('follows the disk by itself: a new dataset appears, a deleted one goes at once, alone or with its folder', async () => {
    const labels = async (): Promise<readonly string[]> => (await (await ballast()).datasetRows()).map((row) => row.label);
    const text = '{"messages":[{"role":"user","content":"What is it?"}]}\n';
    fs.mkdirSync(file('zz-folder'));
    fs.writeFileSync(file('zz-folder/inner.jsonl'), text);
    fs.writeFileSync(file('zz-own.jsonl'), text);
    const appeared = await until(labels, (all) => all.includes('inner.jsonl') && all.includes('zz-own.jsonl'));
    for (const label of ['inner.jsonl', 'zz-own.jsonl']) assert.equal(appeared.filter((one) => one === label).length, 1, appeared.join());
    fs.rmSync(file('zz-own.jsonl'));
    fs.rmSync(file('zz-folder'), { recursive: true });
    const left = await until(labels, (all) => !all.includes('inner.jsonl') && !all.includes('zz-own.jsonl'));
    assert.ok(!left.includes('inner.jsonl') && !left.includes('zz-own.jsonl'), left.join());
  });

  it('shows place, size, what was found and the first picture when it is hovered', async () => {
    const api = await ballast();
    await api.datasetRows('train.json');
    const node = (await api.datasetRows()).find((row) => row.label === 'train.json')?.node;
    const tooltip = await api.datasetTooltip(node);
    assert.match(tooltip, /train\\\.json/);
    assert.match(tooltip, /llava\\, json\\: 400 instances/);
    assert.match(tooltip, /!\[First image of the dataset\]\(data:image\/jpeg;base64,[\w+/=]{100,}\)$/);
  });

  it('copies the paths of the selected datasets', async () => {
    const rows = (await (await ballast()).datasetRows()).filter((row) => row.label !== 'big.jsonl');
    await vscode.commands.executeCommand(
      'ballast.views.datasets.copyPath',
      rows[0]?.node,
      rows.slice(0, 2).map((row) => row.node),
    );
    const copied = await vscode.env.clipboard.readText();
    assert.deepEqual(
      copied.split('\n').map((one) => path.basename(one)),
      ['broken.json', 'chat.jsonl'],
    );
  });

  it('creates the sample beside what is there, never over it, and lists it', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const create = (): Thenable<vscode.Uri | undefined> => vscode.commands.executeCommand('ballast.createSample', { folder });
    try {
      const first = await create();
      assert.equal(first?.fsPath, file('ballast-sample/train.json'));
      const second = await create();
      assert.equal(second?.fsPath, file('ballast-sample-2/train.json'));
      const entries = fs.readdirSync(file('ballast-sample'), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
      const bytes = files.reduce((sum, name) => sum + fs.statSync(name).size, 0);
      assert.ok(files.length > 20 && bytes < 1_000_000, `${files.length} files, ${bytes} bytes`);
      const rows = await (await ballast()).datasetRows();
      assert.equal(rows.filter((row) => row.description.startsWith('ballast-sample')).length, 2);
    } finally {
      for (const name of ['ballast-sample', 'ballast-sample-2']) fs.rmSync(file(name), { recursive: true, force: true });
      await vscode.commands.executeCommand('ballast.views.datasets.refresh');
    }
  });
});
