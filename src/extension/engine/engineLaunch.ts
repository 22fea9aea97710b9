import * as path from 'node:path';
import type { EngineLaunch } from './engineProcess.ts';

interface HostProcess {
  readonly execPath: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The engine runs in VS Code's own Node, or in the one that the user names. `ELECTRON_RUN_AS_NODE` makes Electron a Node and means
 * nothing to a Node; `NODE_OPTIONS` belongs to the host (inspector, loaders) and must not reach the engine.
 */
export function engineLaunch(extensionPath: string, nodePath: string | undefined, host: HostProcess): EngineLaunch {
  const env: NodeJS.ProcessEnv = { ...host.env, ELECTRON_RUN_AS_NODE: '1' };
  delete env.NODE_OPTIONS;
  return { command: nodePath ?? host.execPath, args: [path.join(extensionPath, 'dist', 'engine.js')], env };
}
