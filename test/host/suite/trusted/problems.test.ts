import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import { ballast, file } from '../ballast.ts';

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

  it('is cleared when the dataset goes away', async () => {
    fs.rmSync(file(name));
    await vscode.commands.executeCommand('ballast.views.datasets.refresh');
    assert.deepEqual(await diagnostics((list) => list.length === 0), []);
  });
});

async function inspect(): Promise<void> {
  await vscode.commands.executeCommand('ballast.views.datasets.refresh');
  assert.ok((await (await ballast()).datasetRows(name)).length > 0, `${name} is not listed`);
}

/** The file's diagnostics once they are as wanted, at the latest after five seconds. */
async function diagnostics(wanted: (list: readonly vscode.Diagnostic[]) => boolean): Promise<readonly vscode.Diagnostic[]> {
  const read = (): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(vscode.Uri.file(file(name))).filter((each) => each.source === 'Ballast');
  for (let i = 0; i < 50 && !wanted(read()); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  return read();
}
