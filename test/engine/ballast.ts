import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll } from 'vitest';
import type { Manifest } from '../../src/protocol/manifest.ts';

const root = join(import.meta.dirname, '../..');
export const cliPath = join(root, 'dist/cli.js');
export const enginePath = join(root, 'dist/engine.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line; `during` gets the process while it runs. */
export async function ballast(args: readonly string[], during?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [cliPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  during?.(child);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (c, s) => resolve([c, s])),
  );
  return { code, signal, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') };
}

/** The JSON answer of a call that must succeed. */
export async function answer<T>(args: readonly string[]): Promise<T> {
  const ended = await ballast([...args, '--json', '--quiet']);
  if (ended.code !== 0) throw new Error(`ballast ${args.join(' ')} ended with ${ended.code}: ${ended.stdout}${ended.stderr}`);
  return JSON.parse(ended.stdout) as T;
}

/** A folder for one test file, removed behind it. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `ballast-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Kept ordinals as the manifest packs them, unpacked by hand. */
export function keptOf(output: string): number[] {
  const manifest = JSON.parse(readFileSync(`${output}.manifest.json`, 'utf8')) as Manifest;
  const bits = inflateRawSync(Buffer.from(manifest.kept.deflatedBits, 'base64'));
  return Array.from({ length: manifest.kept.records }, (_, i) => i).filter((i) => ((bits[i >> 3] ?? 0) >> (i & 7)) & 1);
}
