import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SelectRequest } from '../../protocol/select.ts';
import { areQuotable } from '../selection/cliCommand.ts';
import { cliProgram } from '../selection/cliProgram.ts';
import { exists } from '../selection/outputPath.ts';
import { commandLine, shellKind } from '../selection/shellQuoting.ts';
import { selectArguments } from './selectArguments.ts';

/** Puts a command on the clipboard that does what the request asks, from the editor's terminal and shell; gives the command. */
export async function copySelectCommand(extensionPath: string, request: SelectRequest): Promise<string> {
  const { env, platform, execPath } = process;
  const shell = shellKind(vscode.env.shell, platform === 'win32');
  const args = selectArguments(request);
  if (!areQuotable(args, shell))
    throw new Error(
      vscode.l10n.t('The shell of the terminal cannot be given a path with these characters. Rename the file, or use another shell.'),
    );
  const program = await cliProgram(path.join(extensionPath, 'dist', 'cli.js'), { env, platform, execPath, exists });
  const command = commandLine([...program, ...args], shell);
  await vscode.env.clipboard.writeText(command);
  return command;
}
