import * as path from 'node:path';
import * as vscode from 'vscode';
import { areQuotable } from './cliCommand.ts';
import { cliProgram } from './cliProgram.ts';
import { exists } from './outputPath.ts';
import { commandLine, shellKind } from './shellQuoting.ts';

/** Puts `ballast` with these arguments on the clipboard, as the editor's terminal and shell take it; gives the command. */
export async function copyArguments(extensionPath: string, args: readonly string[]): Promise<string> {
  const { env, platform, execPath } = process;
  const shell = shellKind(vscode.env.shell, platform === 'win32');
  if (!areQuotable(args, shell))
    throw new Error(
      vscode.l10n.t('The shell of the terminal cannot be given a path with these characters. Rename the file, or use another shell.'),
    );
  const program = await cliProgram(path.join(extensionPath, 'dist', 'cli.js'), { env, platform, execPath, exists });
  const command = commandLine([...program, ...args], shell);
  await vscode.env.clipboard.writeText(command);
  return command;
}
