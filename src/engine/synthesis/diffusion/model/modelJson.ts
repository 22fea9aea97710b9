import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { modelInvalid } from './modelInvalid.ts';

/** Vocabularies are the largest, at 1 to 3 MB. */
const mostBytes = 64_000_000;

/** An object from a JSON file of a model; undefined when there is no such file. @throws EngineError `model.invalid` */
export async function readModelJson(path: string): Promise<object | undefined> {
  const text = await readModelText(path);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw modelInvalid(path, 'is no JSON: it is damaged or not completely downloaded.', error);
  }
  throw modelInvalid(path, 'holds no JSON object.');
}

/** Text of a file of a model; undefined when there is no such file. @throws EngineError `model.invalid` */
export async function readModelText(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw modelInvalid(path, `cannot be read (${error.code}).`, error);
  });
  if (bytes && bytes.length > mostBytes) throw modelInvalid(path, `is ${bytes.length} bytes long: this is not what belongs there.`);
  return bytes?.toString('utf8');
}

/** What a configuration says, checked; an absent file is an empty one. @throws EngineError `model.invalid` naming the member */
export function checked<Schema extends v.GenericSchema>(path: string, schema: Schema, json: object | undefined): v.InferOutput<Schema> {
  return explained(path, () => v.parse(schema, json ?? {}));
}

/** Runs a reader of a configuration. @throws EngineError `model.invalid` naming the member that it cannot take */
export function explained<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!v.isValiError(error)) throw error;
    const [issue] = error.issues;
    const member = v.getDotPath(issue) ?? '';
    throw modelInvalid(path, `has a ${member} that this version cannot use (${issue.message}).`, error);
  }
}
