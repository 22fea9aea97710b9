// What a hand does in VS Code, for the UI tests.
import { openBrowser, workbenchUrl } from '../host/launcher.mjs';

/** A browser page on the workbench with our contributions registered; `prepare` gets the browser context before it loads anything. */
export async function openWorkbench(server, folder, { prepare } = {}) {
  const { browser, context, external } = await openBrowser({ viewport: { width: 1360, height: 860 } });
  await prepare?.(context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // of a busy machine
  const errors = [];
  page.on('pageerror', (error) => {
    const stack = error.stack ?? error.message;
    if (!isOfWebviewHost(stack)) errors.push(stack);
  });
  await page.goto(workbenchUrl(server.base, { folder }));
  const workbench = new Workbench(page, browser, errors, external);
  await workbench.ready();
  return workbench;
}

/**
 * VS Code's own page around a webview raises an error when the webview gets a new content while it still writes the one before, as its
 * walkthrough does to itself. Nothing is lost by it. No line of our code lies in that page.
 */
function isOfWebviewHost(stack) {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return places.length > 0 && places.every((line) => line.includes('/workbench/contrib/webview/browser/pre/index.html'));
}

export class Workbench {
  constructor(page, browser, errors, external) {
    this.page = page;
    this.browser = browser;
    this.errors = errors;
    this.external = external;
  }

  async ready() {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.locator('.activitybar .action-label[aria-label="Ballast"]').waitFor({ timeout: 60_000 });
    await this.explorerRow('package.json').waitFor({ timeout: 60_000 });
  }

  close() {
    return this.browser.close();
  }

  explorerRow(name) {
    return this.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).first();
  }

  /** Shows what is in a folder of the explorer. The tree rebuilds its rows when files come, so the click is repeated. */
  async expandFolder(folder, child) {
    for (let attempt = 0; ; attempt++) {
      try {
        if (await this.explorerRow(child).isVisible()) return;
        await this.explorerRow(folder).click({ timeout: 3000 });
        await this.explorerRow(child).waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        if (attempt > 5) throw error;
      }
    }
  }

  menuItems() {
    return this.page.locator('.monaco-menu .action-item:visible');
  }

  /** Opens the context menu of a row; with a title, retries until the item is there: a menu is built once, when it opens. */
  async contextMenu(row, title) {
    for (let attempt = 0; ; attempt++) {
      await row.click({ button: 'right' });
      await this.menuItems().first().waitFor({ timeout: 5000 });
      if (title === undefined) return undefined;
      const item = this.menuItems().filter({ hasText: title }).first();
      try {
        await item.waitFor({ timeout: 3000 });
        return item;
      } catch (error) {
        if (attempt > 5) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Right-click and choose. A menu ignores clicks in its first moments, so the click is repeated until the menu is gone. */
  async choose(row, title) {
    const item = await this.contextMenu(row, title);
    for (let attempt = 0; attempt < 10 && (await item.isVisible()); attempt++) {
      await this.page.waitForTimeout(200);
      await item.click({ timeout: 1000 }).catch(() => undefined); // gone between look and click
    }
  }

  /** Runs a command by name. The palette closes or loses its key when the focus moves into or out of a webview at that moment, so the whole gesture is repeated. */
  async palette(title) {
    const input = this.page.locator('.quick-input-widget input.input');
    for (let attempt = 0; ; attempt++) {
      try {
        await this.page.keyboard.press('F1');
        await input.waitFor({ timeout: 3000 });
        await input.fill(`>${title}`, { timeout: 3000 });
        await this.pickRow(title).click({ timeout: 5000 });
        return;
      } catch (error) {
        if (attempt > 4) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  pickRow(text) {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  async setTheme(name, bodyClass) {
    await this.palette('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.fill(name);
    await this.pickRow(name).click();
    await this.webview().locator(`body.${bodyClass}`).waitFor();
    await this.page.waitForTimeout(500); // two frames of the page and the workbench's own repaint
  }

  notification(text) {
    return this.page.locator('.notification-toast').filter({ hasText: text }).first();
  }

  async dismissNotifications() {
    await this.palette('Notifications: Clear All Notifications');
    await this.page
      .locator('.notification-toast')
      .first()
      .waitFor({ state: 'detached', timeout: 10_000 })
      .catch(() => undefined);
  }

  treeRows() {
    return this.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row:visible');
  }

  /** Our page: the outer frame is VS Code's, the inner one ours. */
  webview() {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }

  /** What is on the screen, in a few lines, for the report of a failed test. */
  async describe() {
    const texts = async (what, locator) => {
      const found = (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
      return found.length > 0 ? [`${what}: ${found.join(' | ').slice(0, 240)}`] : [];
    };
    const { page } = this;
    const focus = await page.evaluate(() => {
      const { tagName, className, ariaLabel } = document.activeElement ?? {};
      return `focus: ${tagName} ${className} ${ariaLabel ?? ''}`.slice(0, 160);
    });
    const inside = (await this.webview().locator('body').count()) > 0 ? this.webview().locator('body') : undefined;
    return [
      focus,
      ...(await texts('tabs', page.locator('.tabs-container .tab'))),
      ...(await texts('question', page.locator('.quick-input-widget:visible'))),
      ...(await texts('menu', this.menuItems())),
      ...(await texts('dialog', page.locator('.monaco-dialog-box:visible'))),
      ...(await texts('notifications', page.locator('.notification-toast'))),
      ...(inside ? await texts('page', inside) : []),
    ];
  }

  statusItem() {
    return this.page.locator('.statusbar-item[id*="ballast"]').first();
  }
}
