// What a run in a real VS Code costs: memory of the extension host, long tasks and blank rows of a page.
import * as fs from 'node:fs';

/** Process id of the extension host below a server. */
export function extensionHostPid(serverPid) {
  const rows = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = /\) \S (\d+)/.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
        return [{ pid: Number(name), parent: Number(parent), args: fs.readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        return []; // ended meanwhile
      }
    });
  const below = new Set([serverPid]);
  for (let grew = true; grew; ) {
    const size = below.size;
    for (const row of rows) if (below.has(row.parent)) below.add(row.pid);
    grew = below.size > size;
  }
  return rows.find((row) => below.has(row.pid) && row.args.includes('--type=extensionHost'))?.pid;
}

/** Resident bytes of a process now, and the most it ever had. */
export function memoryOf(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { now: kilobytes('VmRSS'), peak: kilobytes('VmHWM') };
}

/** Begins to record, in the frame of one of our pages, tasks that hold its thread for 50 ms and more, and how long rows in view stay blank. */
export function watchFrame(frame) {
  return frame.evaluate(() => {
    const watch = { longTasks: [], blankMs: 0, frames: 0 };
    new PerformanceObserver((list) => watch.longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
      entryTypes: ['longtask'],
    });
    let blankSince;
    const look = () => {
      watch.frames++;
      const list = document.querySelector('.list');
      if (list !== null) {
        const { top, bottom } = list.getBoundingClientRect();
        const rows = [...list.querySelectorAll('.row[data-position]')].filter((row) => {
          const box = row.getBoundingClientRect();
          return box.bottom > top && box.top < bottom;
        });
        const blank = rows.length === 0 || rows.some((row) => row.querySelector('.bone') !== null);
        if (!blank) blankSince = undefined;
        else {
          blankSince ??= performance.now();
          watch.blankMs = Math.max(watch.blankMs, performance.now() - blankSince);
        }
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    window.ballastWatch = watch;
  });
}

/** What was recorded since `watchFrame` or the last call, in milliseconds. */
export function takeWatch(frame) {
  return frame.evaluate(() => {
    const { longTasks, blankMs, frames } = window.ballastWatch;
    Object.assign(window.ballastWatch, { longTasks: [], blankMs: 0, frames: 0 });
    return { longTask: Math.max(0, ...longTasks), longTasks: longTasks.length, blankMs, frames };
  });
}
