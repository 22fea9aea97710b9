import * as path from 'node:path';
import * as vscode from 'vscode';
import type { StagingList } from '../../protocol/synthesis.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { findRunDirs } from '../runs/findRunDirs.ts';

const exclude = '**/{node_modules,.git}/**';
const folderLimit = 1000;

/** The staging folders of the workspace: those that lie in it, and those that its run folders remember. */
export async function findStagings(engine: EngineHost, token: vscode.CancellationToken): Promise<StagingList> {
  const runDirs = new Set(await findRunDirs(token));
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file') continue;
    const pattern = new vscode.RelativePattern(uri, '**/.ballast/{staging/staging.json,stagings/*.json}');
    const found = await vscode.workspace.findFiles(pattern, exclude, folderLimit, token);
    for (const { fsPath } of found) runDirs.add(path.dirname(path.dirname(fsPath)));
  }
  // Nothing to ask: a workspace without runs starts no engine.
  if (runDirs.size === 0) return { stagings: [], unreadable: [] };
  return engine.request('staging/list', { runDirs: [...runDirs].sort() }, { token });
}
