import * as path from 'node:path';
import type { Exists } from './outputPath.ts';

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The program that runs the extension host: VS Code itself, or its server's Node. */
  readonly execPath: string;
  readonly exists: Exists;
}

/**
 * The words that start the command line: `ballast` where it is installed; else `node` on the extension's own copy, which is of the same
 * version as the panel; without a Node, VS Code's own program in that role.
 */
export async function cliProgram(cli: string, machine: Machine): Promise<readonly string[]> {
  if (await isOnPath('ballast', machine)) return ['ballast'];
  // Windows has no `env` to lend a variable to one command, and setting it for the terminal would break `code` there.
  if (machine.platform === 'win32' || (await isOnPath('node', machine))) return ['node', cli];
  return ['env', 'ELECTRON_RUN_AS_NODE=1', machine.execPath, cli];
}

async function isOnPath(program: string, { env, platform, exists }: Machine): Promise<boolean> {
  const isWindows = platform === 'win32';
  const { join, delimiter } = isWindows ? path.win32 : path.posix;
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = isWindows ? ['.exe', '.cmd', '.bat'].map((ending) => program + ending) : [program];
  const found = await Promise.all(folders.flatMap((folder) => names.map((name) => exists(join(folder, name)))));
  return found.includes(true);
}
