// What hands do in VS Code that never touch the mouse.

/** Runs a command of the palette by its whole title. */
export async function keyPalette(workbench, title) {
  const { page } = workbench;
  const input = page.locator('.quick-input-widget input.input');
  for (let attempt = 0; ; attempt++) {
    try {
      await page.keyboard.press('F1');
      await input.waitFor({ timeout: 3000 });
      await page.keyboard.type(title);
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor({ timeout: 5000 });
      await page.keyboard.press('Enter');
      return;
    } catch (error) {
      if (attempt > 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Types into the quick pick that opens until the entry is in front, and takes it. */
export async function keyPick(workbench, text) {
  const { page } = workbench;
  await page.locator('.quick-input-widget input.input:focus').waitFor({ timeout: 20_000 });
  await page.keyboard.type(text);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text }).waitFor({ timeout: 10_000 });
  await page.keyboard.press('Enter');
}

/** Does `body` until `isDone`. A question closes when the focus goes elsewhere at that moment, as it does on a busy machine. */
export async function untilDone(workbench, body, isDone) {
  let failure = new Error('it is not done after five times');
  for (let attempt = 0; !(await isDone()); attempt++) {
    if (attempt === 5) throw failure;
    try {
      await body();
    } catch (error) {
      failure = error;
      await workbench.page.keyboard.press('Escape');
    }
  }
}

/** Moves with the arrow keys to the row of a tree that begins with a text; `focus` is the command that goes to the tree. */
export async function keyRow(workbench, focus, text) {
  const { page } = workbench;
  const focused = page.locator('.monaco-list:focus .monaco-list-row.focused');
  const seen = new Set();
  // An editor that opens late takes the focus away, and a tree that rebuilds its rows forgets the focused one: the gesture begins anew.
  for (let attempt = 0; attempt < 5; attempt++) {
    await keyPalette(workbench, focus);
    await page.waitForTimeout(500);
    await page.keyboard.press('Home');
    for (let step = 0, last; step < 60; step++) {
      await page.waitForTimeout(50);
      const [label] = await focused.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
      if (label === undefined || label === last) break;
      if (label.startsWith(text)) return;
      seen.add(label);
      last = label;
      await page.keyboard.press('ArrowDown');
    }
  }
  throw new Error(`no row ${text} by the arrow keys; they passed ${[...seen].join(' | ')}`);
}

/** Opens the context menu of the focused row by key and chooses an item with the arrow keys. */
export async function keyMenu(workbench, title) {
  const { page } = workbench;
  const item = page.locator('.monaco-menu .action-item.focused');
  for (let attempt = 0; attempt < 4; attempt++) {
    await page.keyboard.press('Shift+F10');
    const shown = await page
      .locator('.monaco-menu .action-item:visible')
      .first()
      .waitFor({ timeout: 5000 })
      .then(
        () => true,
        () => false,
      );
    for (let step = 0; shown && step < 40; step++) {
      await page.keyboard.press('ArrowDown');
      if ((await item.count()) === 0 || !((await item.textContent()) ?? '').includes(title)) continue;
      await page.waitForTimeout(300); // a menu ignores keys and clicks in its first moments
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`no menu item ${title} by the arrow keys`);
}

/** Presses Tab in the page in front until the control with this name has the focus. */
export async function tabTo(workbench, name, { back = false, limit = 200 } = {}) {
  const { page } = workbench;
  const focused = workbench.webview().locator(':focus');
  if ((await focused.count()) === 0) await keyPalette(workbench, 'View: Focus Active Editor Group');
  const seen = [];
  for (let step = 0; step < limit; step++) {
    if ((await focused.count()) > 0) {
      const label = await focused.first().evaluate((element) => {
        const labelled = element.labels?.[0]?.textContent;
        return (element.getAttribute('aria-label') ?? labelled ?? element.textContent ?? '').trim();
      });
      seen.push(label.slice(0, 30));
      if (label === name || (name instanceof RegExp && name.test(label))) return;
    }
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`Tab never reached ${name}; it passed ${[...new Set(seen)].join(' | ')}`);
}
