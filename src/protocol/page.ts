/** The wire between a page (webview) and the host: what each page asks, tells and hears. One such map per page, beside this file. */
export interface PageProtocol {
  /** Asked by the page, answered by the host with a result or a failure. */
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  /** Told by the page, without an answer. */
  readonly events: Readonly<Record<string, unknown>>;
  /** Told by the host, without an answer. A hidden page misses them: `ready` must give everything anew. */
  readonly hostEvents: Readonly<Record<string, unknown>>;
}

/** Pages of the extension; the name is that of its bundle and of its folder in webview-ui. */
export const pageNames = ['selection', 'instances', 'diff', 'clusters', 'coreset', 'review', 'synthesis'] as const;
export type PageName = (typeof pageNames)[number];

/** Every page has these events. (A type, since an interface has no index signature.) */
export type CommonEvents = {
  /** A chart or a list was really drawn; tests and the host's log read it. */
  readonly drawn: unknown;
  readonly problem: { readonly message: string };
};

/**
 * What a page can do about a failure besides showing its sentence: the file does not exist (`gone`), is another one than before
 * (`changed`), or the engine ended or does not start (`engine`), which asking again may mend.
 */
export type FailureReason = 'gone' | 'changed' | 'engine';

export type MessageToHost =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  /** The page no longer wants the answer to its request `id`. */
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };

export type MessageToPage =
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      /** A localised sentence. */
      readonly message: string;
      readonly cancelled?: true;
      readonly reason?: FailureReason;
    }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };
