import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ballast, file } from '../ballast.ts';

describe('Select Coreset in restricted mode', () => {
  it('opens nothing and never starts the engine', async () => {
    await vscode.commands.executeCommand('ballast.selectCoreset', vscode.Uri.file(file('train.json')));
    assert.equal((await ballast()).coresetPanel(file('train.json')), undefined);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
