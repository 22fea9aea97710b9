import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ballast, file } from '../ballast.ts';

describe('Synthesize Tail in restricted mode', () => {
  it('opens nothing, lists nothing, writes nothing and never starts the engine', async () => {
    const api = await ballast();
    const dataset = vscode.Uri.file(file('out/tail.json'));
    assert.equal(await vscode.commands.executeCommand('ballast.synthesizeTail', dataset, undefined, { make: true }), undefined);
    assert.equal(api.synthesisPanel(dataset.fsPath), undefined);
    assert.equal(await vscode.commands.executeCommand('ballast.composeDataset', dataset, { volume: 'keep' }), undefined);
    await vscode.commands.executeCommand('ballast.views.synthesis.refresh');
    assert.deepEqual(await api.synthesisRows(), []);
    assert.deepEqual(api.engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
