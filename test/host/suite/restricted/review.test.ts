import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ballast, file } from '../ballast.ts';

describe('Review Synthetic Instances in restricted mode', () => {
  it('opens nothing and never starts the engine', async () => {
    await vscode.commands.executeCommand('ballast.reviewSynthesis', { staging: file('staged') });
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label)).filter((label) => label.startsWith('Review')),
      [],
    );
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
