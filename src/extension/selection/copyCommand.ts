import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import { areQuotable, planFileArguments, rebalanceArguments } from './cliCommand.ts';
import { cliProgram } from './cliProgram.ts';
import { exists } from './outputPath.ts';
import { freeDestination } from './planRequest.ts';
import { commandLine, shellKind } from './shellQuoting.ts';

export interface CommandInput {
  readonly extensionPath: string;
  readonly base: DatasetRequest;
  readonly plan: RebalancePlan;
  readonly withControl: boolean;
  /** Gives a file that holds the plan, which is asked for; undefined when the user gives up. */
  readonly planFile: () => Promise<string | undefined>;
}

/**
 * Puts a command on the clipboard that applies the plan from the editor's terminal and shell. What options cannot say goes by a plan
 * file. Undefined when the user gives up saving it.
 */
export async function copyCommand({ extensionPath, base, plan, withControl, planFile }: CommandInput): Promise<string | undefined> {
  const { env, platform, execPath } = process;
  const shell = shellKind(vscode.env.shell, platform === 'win32');
  const to = await freeDestination(base.dataset, exists, withControl);
  let args = rebalanceArguments(base, plan, to);
  if (args === undefined || !areQuotable(args, shell)) {
    const file = await planFile();
    if (file === undefined) return undefined;
    args = planFileArguments(base, plan, { ...to, plan: file });
  }
  const program = await cliProgram(path.join(extensionPath, 'dist', 'cli.js'), { env, platform, execPath, exists });
  const command = commandLine([...program, ...args], shell);
  await vscode.env.clipboard.writeText(command);
  return command;
}
