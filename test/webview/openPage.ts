import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { panelHtml } from '../../src/extension/panels/panelHtml.ts';
import type { FailureReason, MessageToHost, MessageToPage, PageName } from '../../src/protocol/page.ts';
import { chromiumArgs, findChromium } from '../host/chromium.mjs';
import type { Theme } from './themes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A failure of the fake host that says what the page can do about it. */
export class Failure {
  readonly message: string;
  readonly reason: FailureReason;

  constructor(message: string, reason: FailureReason) {
    this.message = message;
    this.reason = reason;
  }
}

/** Answers of the fake host by request; a string that starts with `!` or a `Failure` is a failure, a function is called with the parameters. */
export type Answers = Readonly<Record<string, unknown>>;

/** A built page behind the host's own HTML and content security policy, with a fake host. */
export class PageLab {
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
  }

  static async start(name: PageName): Promise<PageLab> {
    const browser = await chromium.launch({ ...(await findChromium()), args: [...chromiumArgs] });
    const built = await esbuild.build({
      absWorkingDir: root,
      entryPoints: [
        { in: `webview-ui/${name}/main.ts`, out: name },
        { in: `webview-ui/${name}/${name}.css`, out: name },
      ],
      outdir: 'out',
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
    });
    const nonce = randomBytes(16).toString('hex');
    const files = new Map(built.outputFiles.map((file) => [`/${path.basename(file.path)}`, file.text]));
    const server = createServer((request, response) => {
      const body = files.get(request.url ?? '');
      if (request.url === '/') {
        const cspSource = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        response.setHeader('content-type', 'text/html');
        const images = name === 'instances' || name === 'diff' ? { images: true as const } : {};
        const uris = { scriptUri: `/${name}.js`, styleUri: `/${name}.css` };
        response.end(panelHtml({ locale: 'en', title: 'test', cspSource, nonce, ...images, ...uris }));
      } else if (body === undefined) response.writeHead(404).end();
      else {
        response.setHeader('content-type', request.url?.endsWith('.css') ? 'text/css' : 'text/javascript');
        response.end(body);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PageLab(browser, server);
  }

  async open(
    answers: Answers,
    theme: Theme,
    options: { readonly width?: number; readonly height?: number; readonly state?: unknown } = {},
  ): Promise<OpenPage> {
    const context = await this.#browser.newContext({
      viewport: { width: options.width ?? 1100, height: options.height ?? 1000 },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const open = new OpenPage(page);
    await page.exposeFunction('toHost', (message: MessageToHost) => open.receive(message, answers));
    page.on('pageerror', (error) => open.errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && open.errors.push(message.text()));
    page.on('response', (response) => open.loaded.push(response.url()));
    page.on('requestfailed', (request) => open.refused.push(`${request.url()} ${request.failure()?.errorText}`));
    await page.addInitScript((state) => {
      const kept: { state: unknown } = { state };
      Object.assign(window, {
        kept,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => void (window as unknown as { toHost(m: unknown): void }).toHost(message),
          setState: (state: unknown) => {
            kept.state = state;
          },
          getState: () => kept.state,
        }),
      });
    }, options.state);
    await page.addInitScript(applyTheme, theme);
    await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`);
    return open;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

export class OpenPage {
  readonly page: Page;
  readonly errors: string[] = [];
  /** What came over the network, and what was asked for in vain. */
  readonly loaded: string[] = [];
  readonly refused: string[] = [];
  readonly messages: MessageToHost[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  receive(message: MessageToHost, answers: Answers): void {
    this.messages.push(message);
    if (message.kind !== 'request') return;
    this.#answer(message.id, answers[message.method], message.params).catch((error: unknown) => {
      if (!this.page.isClosed()) this.errors.push(String(error)); // an answer to a page that is gone is none
    });
  }

  async #answer(id: number, answer: unknown, params: unknown): Promise<void> {
    const result: unknown = typeof answer === 'function' ? await (answer as (params: unknown) => unknown)(params) : (answer ?? null);
    if (result instanceof Failure) return this.send({ kind: 'failure', id, message: result.message, reason: result.reason });
    const failed = typeof result === 'string' && result.startsWith('!');
    await this.send(failed ? { kind: 'failure', id, message: result.slice(1) } : { kind: 'reply', id, result });
  }

  send(message: MessageToPage): Promise<void> {
    return this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  setTheme(theme: Theme): Promise<void> {
    return this.page.evaluate(applyTheme, theme);
  }

  /** Waits for the `count`-th drawing that the page reports. */
  async drawing(count = 1): Promise<Extract<MessageToHost, { kind: 'event' }>> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      const drawn = this.messages.filter((message) => message.kind === 'event' && message.name === 'drawn');
      const wanted = drawn[count - 1];
      if (wanted?.kind === 'event') return wanted;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`no drawing ${count}; messages ${JSON.stringify(this.messages).slice(0, 500)}; errors ${this.errors.join(' | ')}`);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** Runs in the page: what VS Code does to it. */
function applyTheme(theme: Theme): void {
  const apply = (): void => {
    for (const [name, value] of Object.entries(theme.variables)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
    document.body.className = theme.kind;
    document.body.dataset.vscodeThemeKind = theme.kind;
  };
  if (document.body) apply();
  else document.addEventListener('DOMContentLoaded', apply);
}

/** Source of axe-core, to be evaluated in a page. */
export const axeSource = readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
