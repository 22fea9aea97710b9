import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import type { Manifest } from '../../protocol/manifest.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { EngineError } from '../jobs/engineError.ts';
import { relativePath } from '../runs/relativePath.ts';

export const manifestSuffix = '.manifest.json';

export function manifestPathOf(output: string): string {
  return `${output}${manifestSuffix}`;
}

export const sourceSchema = v.looseObject({ path: v.string(), openedAs: v.optional(v.string()), bytes: v.number(), sha256: v.string() });

/** What a result was made of. @param asked the dataset as the request named it, which may be more than a path */
export function sourceOf({ summary, parts }: Pick<Dataset, 'summary' | 'parts'>, asked: string, manifestPath: string): Manifest['source'] {
  const path = (target: string): string => relativePath(manifestPath, target);
  return {
    path: path(summary.path),
    ...(resolve(asked) === summary.path ? {} : { openedAs: path(resolve(asked)) }),
    bytes: summary.bytes,
    sha256: summary.sha256,
    format: summary.format,
    variant: summary.variant,
    ...(summary.format === 'mixture'
      ? { parts: parts.map((part) => ({ path: path(part.path), bytes: part.bytes, sha256: part.sha256 })) }
      : {}),
  };
}

/**
 * Reads the manifest of an output, or a manifest itself, if it is one of `command`; undefined when it is another command's, or cannot be
 * read at all (whose reader says why).
 * @param what a manifest of that command is of, for people
 * @throws EngineError `manifest.invalid`
 */
export async function readManifestOf<Schema extends v.GenericSchema>(
  outputOrManifest: string,
  command: string,
  schema: Schema,
  what: string,
): Promise<{ readonly path: string; readonly manifest: v.InferOutput<Schema> } | undefined> {
  const path = outputOrManifest.endsWith(manifestSuffix) ? outputOrManifest : manifestPathOf(outputOrManifest);
  const content = await readFile(path, 'utf8').then(
    (json): unknown => {
      try {
        return JSON.parse(json);
      } catch {
        return undefined;
      }
    },
    () => undefined,
  );
  if (typeof content !== 'object' || content === null || !('command' in content) || content.command !== command) return undefined;
  return { path, manifest: checkedManifest(path, content, schema, what) };
}

/** @throws EngineError `manifest.invalid` with the place of the first mistake */
export function checkedManifest<Schema extends v.GenericSchema>(
  path: string,
  content: unknown,
  schema: Schema,
  what: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, content);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new EngineError(
    'manifest.invalid',
    `${path} is no manifest of ${what}: ${v.getDotPath(issue) ?? 'the document'}: ${issue.message}.`,
    { path },
  );
}
