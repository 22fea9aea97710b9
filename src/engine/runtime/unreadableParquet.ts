/** A file that no Parquet reader can make sense of, or a result that is not what was asked for. */
export class UnreadableParquet extends Error {
  override readonly name = 'UnreadableParquet';
  readonly path: string;

  constructor(path: string, reason: string, options?: { readonly cause?: unknown }) {
    super(`${path}: ${reason}`, options);
    this.path = path;
  }
}

/** Wraps whatever a reader throws; its message is the reason. */
export function unreadableParquet(path: string, cause: unknown): UnreadableParquet {
  if (cause instanceof UnreadableParquet) return cause;
  return new UnreadableParquet(path, cause instanceof Error ? cause.message : String(cause), { cause });
}
