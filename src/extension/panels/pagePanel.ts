import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { CommonEvents, PageName, PageProtocol } from '../../protocol/page.ts';
import { failureReason } from '../errors/failureReason.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { PageBridge, type PageHandlers, type PageListeners } from './pageBridge.ts';
import { panelHtml } from './panelHtml.ts';

export interface PagePanelOptions<P extends PageProtocol & { readonly events: CommonEvents }> {
  readonly page: PageName;
  readonly title: string;
  /** The page shows images that the host sends it as `data:` addresses. */
  readonly images?: true;
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly handlers: PageHandlers<P>;
  readonly listeners: Omit<PageListeners<P>, 'problem'>;
  readonly onDidDispose: () => void;
}

const problemSchema = v.object({ message: v.pipe(v.string(), v.maxLength(2000)) });

/** Fills a webview panel with one of our pages and joins the wire to it. Nothing but the page's own script and style may load. */
export function fillPagePanel<P extends PageProtocol & { readonly events: CommonEvents }>(
  panel: vscode.WebviewPanel,
  options: PagePanelOptions<P>,
): PageBridge<P> {
  const { page, extensionUri, log } = options;
  const pages = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  panel.webview.options = { enableScripts: true, localResourceRoots: [pages] };
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `chart-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.title = options.title;
  const problem = (payload: unknown): void => {
    const parsed = v.safeParse(problemSchema, payload);
    log.error(`[page ${page}] ${parsed.success ? parsed.output.message : 'unreadable problem'}`);
  };
  const bridge = new PageBridge<P>(panel.webview, {
    handlers: options.handlers,
    listeners: { ...options.listeners, problem } as unknown as PageListeners<P>,
    describe: faultSentence,
    reason: failureReason,
  });
  panel.onDidDispose(() => {
    bridge.dispose();
    options.onDidDispose();
  });
  panel.webview.html = panelHtml({
    locale: vscode.env.language,
    title: panel.title,
    ...(options.images ? { images: true } : {}),
    cspSource: panel.webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
    scriptUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(pages, `${page}.js`)).toString(),
    styleUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(pages, `${page}.css`)).toString(),
  });
  return bridge;
}
