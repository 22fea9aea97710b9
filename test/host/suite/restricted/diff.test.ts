import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ballast, file } from '../ballast.ts';

describe('Compare Datasets in restricted mode', () => {
  it('opens nothing and never starts the engine', async () => {
    const [a, b] = [vscode.Uri.file(file('train.json')), vscode.Uri.file(file('annotations/chat.jsonl'))];
    await vscode.commands.executeCommand('ballast.compareDatasets', a, b);
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label)).filter((label) => label.includes('↔')),
      [],
    );
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
