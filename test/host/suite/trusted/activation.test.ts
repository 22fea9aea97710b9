import * as assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ownActivation } from '../activationTime.ts';
import { ballast, extension, extensionId } from '../ballast.ts';

/** Goal of the style guide for what an installed extension may cost before its first command. */
const activationLimitMs = 50;
/** A bundle of this size loads in about 30 ms on a small machine. */
const mostBytes = 500_000;

describe('activation', () => {
  it('waits for a command or a view, and is small', async function () {
    this.retries(0); // it happens once
    assert.equal(vscode.workspace.isTrusted, true);
    assert.equal(extension().isActive, false, 'active before anything was asked of it');
    const started = performance.now();
    await ballast();
    const wallMs = performance.now() - started;
    const own = ownActivation(extensionId) ?? { loadMs: wallMs, activateMs: 0 };
    // Printed, not judged: a busy machine takes any time for it. One cold load measures what else the machine did; the best of some later
    // ones measures the extension.
    const ms = Math.min(own.loadMs, await loadAgainMs()) + own.activateMs;
    console.log(
      `activation: load ${own.loadMs.toFixed(1)} ms, activate ${own.activateMs.toFixed(1)} ms; with the best of some loads ` +
        `${ms.toFixed(1)} ms, limit ${activationLimitMs} ms; ${wallMs.toFixed(1)} ms with the host's part`,
    );
    assert.ok(statSync(bundle()).size < mostBytes, `${bundle()} is too large to load in no time`);
  });

  it('starts no engine', async () => {
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
  });

  it('shows no entities before a dataset is chosen', async () => {
    assert.deepEqual(await (await ballast()).entityRows(), []);
  });

  it('registers every command of the manifest', async () => {
    const manifest = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
  });
});

function bundle(): string {
  return require.resolve(path.join(extension().extensionPath, 'dist/extension.js'));
}

/** Best of some further loads of the extension's code, spread over a second: whatever else the machine does, it does not do all the time. */
async function loadAgainMs(): Promise<number> {
  const main = bundle();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 10; i++) {
    delete require.cache[main];
    const started = performance.now();
    require(main);
    best = Math.min(best, performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return best;
}
