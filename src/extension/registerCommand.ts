import * as vscode from 'vscode';
import type { CommandSignatures } from './contributions.ts';

/** `registerCommand` that checks the body against the command's declared signature. */
export function registerCommand<Id extends keyof CommandSignatures>(id: Id, body: CommandSignatures[Id]): vscode.Disposable {
  return vscode.commands.registerCommand(id, body);
}
