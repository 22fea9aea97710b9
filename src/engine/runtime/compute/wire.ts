import type { ErrorReport } from '../../../protocol/errors.ts';

/** Parent to child: one task at a time. Structured clones; bulk data are named as files. */
export interface TaskMessage {
  readonly id: number;
  readonly task: string;
  readonly payload: unknown;
}

/** Child to parent. */
export type TaskReply =
  | { readonly kind: 'progress'; readonly id: number; readonly report: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorReport };
