import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PageBridge } from '../../../src/extension/panels/pageBridge.ts';
import type { MessageToPage } from '../../../src/protocol/page.ts';

interface TestPage {
  readonly requests: {
    readonly double: { readonly params: number; readonly result: number };
    readonly fail: { readonly params: null; readonly result: null };
    readonly crash: { readonly params: null; readonly result: null };
    readonly wait: { readonly params: null; readonly result: null };
    readonly ready: { readonly params: null; readonly result: string };
  };
  readonly events: { readonly drawn: unknown };
  readonly hostEvents: { readonly changed: string };
}

function lab(): { sent: MessageToPage[]; heard: unknown[]; deliver: (message: unknown) => void; bridge: PageBridge<TestPage> } {
  const sent: MessageToPage[] = [];
  const heard: unknown[] = [];
  let deliver: (message: unknown) => void = () => undefined;
  const bridge = new PageBridge<TestPage>(
    {
      postMessage: async (message) => sent.push(message) > 0,
      onDidReceiveMessage: (listener) => {
        deliver = listener;
        return { dispose: () => undefined };
      },
    },
    {
      handlers: {
        ready: { params: v.null(), run: () => 'content' },
        double: { params: v.number(), run: (value) => value * 2 },
        fail: { params: v.null(), run: () => Promise.reject(new Error('gone')) },
        crash: { params: v.null(), run: () => Promise.reject(new Error('crash')) },
        wait: {
          params: v.null(),
          run: (_, signal) =>
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true })),
        },
      },
      listeners: { drawn: (payload) => heard.push(payload) },
      describe: (error) => `sentence: ${error instanceof Error ? error.message : ''}`,
      reason: (error) => (error instanceof Error && error.message === 'crash' ? 'engine' : undefined),
    },
  );
  return { sent, heard, deliver: (message) => deliver(message), bridge };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('PageBridge', () => {
  it('answers every request, with a result or with a sentence that says why', async () => {
    const { sent, deliver } = lab();
    deliver({ kind: 'request', id: 7, method: 'double', params: 21 });
    deliver({ kind: 'request', id: 8, method: 'fail', params: null });
    deliver({ kind: 'request', id: 9, method: 'constructor', params: null });
    await settled();
    expect(sent.sort((a, b) => ('id' in a ? a.id : 0) - ('id' in b ? b.id : 0))).toEqual([
      { kind: 'reply', id: 7, result: 42 },
      { kind: 'failure', id: 8, message: 'sentence: gone' },
      { kind: 'failure', id: 9, message: 'sentence: unknown request constructor' },
    ]);
  });

  it('tells what the page can do about a failure', async () => {
    const { sent, deliver } = lab();
    deliver({ kind: 'request', id: 1, method: 'crash', params: null });
    await settled();
    expect(sent).toEqual([{ kind: 'failure', id: 1, message: 'sentence: crash', reason: 'engine' }]);
  });

  it('does not run a handler with parameters of another shape', async () => {
    const { sent, deliver } = lab();
    deliver({ kind: 'request', id: 1, method: 'double', params: { valueOf: 4 } });
    await settled();
    expect(sent).toMatchObject([{ kind: 'failure', id: 1 }]);
  });

  it('ignores what is no message and hears events of its protocol only', async () => {
    const { sent, heard, deliver } = lab();
    for (const bad of [null, 'ready', {}, { kind: 'request', id: 'x', method: 'double' }, { kind: 'event', name: 'toString' }])
      deliver(bad);
    deliver({ kind: 'event', name: 'drawn', payload: 5 });
    await settled();
    expect(sent).toEqual([]);
    expect(heard).toEqual([5]);
  });

  it('hands a cancel on and says that the failure is one', async () => {
    const { sent, deliver } = lab();
    deliver({ kind: 'request', id: 3, method: 'wait', params: null });
    deliver({ kind: 'cancel', id: 3 });
    await settled();
    expect(sent).toEqual([{ kind: 'failure', id: 3, message: 'sentence: stopped', cancelled: true }]);
  });

  it('cancels what runs when its panel is closed', async () => {
    const { sent, deliver, bridge } = lab();
    deliver({ kind: 'request', id: 4, method: 'wait', params: null });
    bridge.dispose();
    await settled();
    expect(sent).toMatchObject([{ kind: 'failure', id: 4, cancelled: true }]);
    bridge.tell('changed', 'x');
    expect(sent.at(-1)).toEqual({ kind: 'event', name: 'changed', payload: 'x' });
  });

  it('owes a new page nothing of what the page before it had asked', async () => {
    const { sent, deliver } = lab();
    deliver({ kind: 'request', id: 1, method: 'wait', params: null });
    deliver({ kind: 'request', id: 2, method: 'wait', params: null });
    // The page was hidden and made anew: it counts from 1 again.
    deliver({ kind: 'request', id: 1, method: 'ready', params: null });
    deliver({ kind: 'request', id: 2, method: 'double', params: 4 });
    await settled();
    expect(sent).toEqual([
      { kind: 'reply', id: 1, result: 'content' },
      { kind: 'reply', id: 2, result: 8 },
    ]);
  });
});
