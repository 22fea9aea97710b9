import type { ErrorCode, ErrorReport } from '../../protocol/errors.ts';

export type ErrorData = Readonly<Record<string, string | number | boolean | null>>;

/** The only error that rooms throw on purpose. The message is a whole English sentence: what, where, what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, data: ErrorData = {}, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/** The cancellation of a job, thrown by `throwIfCancelled`. */
export function cancelledError(): EngineError {
  return new EngineError('run.cancelled', 'Cancelled. What was finished is kept; the same command resumes.');
}

/** Any thrown value as what crosses the wire; system errors of disk and permission get their own codes. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof EngineError) return { code: error.code, message: error.message, data: error.data };
  const system = systemErrorReport(error);
  if (system) return system;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', message: `Unexpected error inside Ballast: ${message}`, data: {} };
}

/** Whether a system error says that a disk, or the user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return isSystemError(error) && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function systemErrorReport(error: unknown): ErrorReport | undefined {
  if (!isSystemError(error)) return undefined;
  const path = error.path ?? '';
  if (isDiskFull(error))
    return {
      code: 'output.noSpace',
      message: `The disk is full${path && ` (${path})`}. Free some space or choose another place (-o for the result, --run-dir for artifacts), then run the same command again.`,
      data: { path },
    };
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        code: 'output.noPermission',
        message: `No permission for ${path || 'a file'} (${error.code}). Change its permissions or choose another place (-o for the result, --run-dir for artifacts).`,
        data: { path },
      };
    case 'ENOTDIR':
    case 'EEXIST':
      return {
        code: 'output.noPermission',
        message: `${path || 'A path'} cannot be made: a part of it is a file, not a folder. Choose another place (-o for the result, --run-dir for artifacts).`,
        data: { path, reason: 'file' },
      };
    case 'ENOENT':
      return { code: 'dataset.notFound', message: `${path || 'A file'} does not exist.`, data: { path } };
    case 'EISDIR':
      return { code: 'dataset.notADataset', message: `${path || 'The path'} is a folder, not a file.`, data: { path } };
    default:
      return undefined;
  }
}
