import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { BallastApi } from '../../../src/extension/api.ts';
import type { EngineState } from '../../../src/extension/engine/engineState.ts';
import type { RebalanceOptions, RebalanceOutcome } from '../../../src/extension/selection/rebalanceOutcome.ts';
import type { DrawnCharts } from '../../../src/protocol/selectionPage.ts';

export const extensionId = 'ballast.ballast';

export function extension(): vscode.Extension<BallastApi> {
  const found = vscode.extensions.getExtension<BallastApi>(extensionId);
  assert.ok(found, `${extensionId} is not installed`);
  return found;
}

export function ballast(): Promise<BallastApi> {
  return Promise.resolve(extension().activate());
}

export function file(name: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return path.join(folder.uri.fsPath, name);
}

export function rebalance(name: string, options?: RebalanceOptions): Thenable<RebalanceOutcome | undefined> {
  return vscode.commands.executeCommand('ballast.rebalanceDataset', vscode.Uri.file(file(name)), undefined, options);
}

/** The engine's pid; noted for the runner, which insists that it is gone in the end. */
export async function enginePid(): Promise<number> {
  const state = (await ballast()).engineState();
  assert.ok(state.kind === 'ready' || state.kind === 'busy', `engine is ${state.kind}`);
  fs.appendFileSync(file('engine-pids'), `${state.pid}\n`);
  return state.pid;
}

export async function nextState(wanted: (state: EngineState) => boolean, limitMs = 60_000): Promise<EngineState> {
  const api = await ballast();
  return within(limitMs, 'the engine did not reach the state', (done) => {
    if (wanted(api.engineState())) done(api.engineState());
    return api.onDidChangeEngineState((state) => wanted(state) && done(state));
  });
}

export async function nextDrawing(limitMs = 60_000): Promise<DrawnCharts> {
  const api = await ballast();
  return within(limitMs, 'no page reported a drawing', (done) => api.onDidDraw(done));
}

function within<T>(limitMs: number, message: string, listen: (done: (value: T) => void) => { dispose(): unknown }): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), limitMs);
    const listener = listen((value) => {
      clearTimeout(timer);
      setImmediate(() => listener.dispose());
      resolve(value);
    });
  });
}

/** What `read` gives as soon as it is as wanted, at the latest after `limitMs`. */
export async function until<T>(read: () => T | Promise<T>, wanted: (value: T) => boolean, limitMs = 40_000): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await read();
    if (wanted(value) || performance.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
