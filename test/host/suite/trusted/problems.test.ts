import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { ballast, file, until } from '../ballast.ts';

const name = 'zz-problems.jsonl';
const line = '{"id": "0", "conversations": [{"from": "human", "value": "\u4e2d\u{1F9AD}?"}, {"from": "gpt", "value": "A cat."}]}';
const text = [line, '{"id": "2", "conversations": [}}', line, ''].join('\n');

describe('Problems panel', () => {
  after(() => fs.rmSync(file(name), { force: true }));

  it('shows what an inspection found, at its place', async () => {
    fs.writeFileSync(file(name), text);
    await inspect();
    const found = await diagnostics((list) => list.length > 0);
    assert.equal(found.length, 1, found.map((each) => each.message).join('; '));
    const [problem] = found;
    assert.deepEqual(
      [problem?.source, problem?.code, problem?.severity],
      ['Ballast', 'record.invalidJson', vscode.DiagnosticSeverity.Error],
    );
    assert.match(problem?.message ?? '', /^Record is not valid JSON \(instance 1\)\n/);
    const document = await vscode.workspace.openTextDocument(file(name));
    assert.equal(problem?.range.start.line, 1);
    assert.equal(document.getText(problem?.range), '{"id": "2", "conversations": [}}');
  });

  it('is refreshed by the next inspection', async () => {
    fs.writeFileSync(file(name), [line, line, ''].join('\n'));
    await inspect();
    assert.deepEqual(await diagnostics((list) => list.length === 0), []);
    fs.writeFileSync(file(name), `${text}${text}`);
    await inspect();
    assert.equal((await diagnostics((list) => list.length > 0)).length, 2);
  });

  it('counts the datasets with problems', async () => {
    const api = await ballast();
    assert.ok(api.datasetsWithProblems() >= 1);
    const row = (await api.datasetRows()).find((each) => each.label === name);
    assert.match(row?.description ?? '', /problems: 2$/);
  });

  it('is cleared while an editor holds other text, comes back when that is undone, and is looked for again when it is saved', async () => {
    const document = await vscode.workspace.openTextDocument(file(name));
    const editor = await vscode.window.showTextDocument(document);
    const broken = document.lineAt(1).range;
    await editor.edit((edit) => edit.replace(broken, line));
    assert.deepEqual(await diagnostics((list) => list.length === 0), []);
    const below = await until(
      async () => (await ballast()).datasetRows(name),
      (rows) => rows[0]?.contextValue === 'note',
    );
    assert.equal(below[0]?.label, 'Changed in an editor. Save the file to inspect it again.');
    await vscode.commands.executeCommand('undo');
    assert.equal((await diagnostics((list) => list.length === 2)).length, 2);
    await editor.edit((edit) => edit.replace(document.lineAt(1).range, line));
    await document.save();
    // Two broken lines were in the file; one of them was mended.
    assert.equal((await diagnostics((list) => list.length === 1)).length, 1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('follows a change on the disk', async () => {
    fs.writeFileSync(file(name), [line, line, line, ''].join('\n'));
    assert.deepEqual(await diagnostics((list) => list.length === 0), []);
    const rows = await until(
      async () => (await ballast()).datasetRows(name),
      (all) => all.some((row) => row.label === 'Problems' && row.description === 'none'),
    );
    assert.ok(rows.some((row) => row.label === 'Instances' && row.description === '3'));
    fs.writeFileSync(file(name), text);
  });

  it('is cleared at once when the dataset goes away', async () => {
    await inspect();
    assert.equal((await diagnostics((list) => list.length > 0)).length, 1);
    fs.rmSync(file(name));
    assert.deepEqual(await diagnostics((list) => list.length === 0), []);
  });
});

async function inspect(): Promise<void> {
  await vscode.commands.executeCommand('ballast.views.datasets.refresh');
  assert.ok((await (await ballast()).datasetRows(name)).length > 0, `${name} is not listed`);
}

/** The file's diagnostics once they are as wanted, at the latest after some seconds. */
async function diagnostics(wanted: (list: readonly vscode.Diagnostic[]) => boolean): Promise<readonly vscode.Diagnostic[]> {
  const read = (): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(vscode.Uri.file(file(name))).filter((each) => each.source === 'Ballast');
  return until(read, wanted);
}
