import * as vscode from 'vscode';
import { settingIds } from './contributions.ts';

/** Another Node for the engine, or undefined for VS Code's own. Machine scope: a workspace can never set it. */
export function readNodePath(): string | undefined {
  const value = vscode.workspace.getConfiguration().get<unknown>(settingIds.nodePath);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
