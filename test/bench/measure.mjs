// Runs a command as a whole process and reads what the operating system says of it: wall and CPU seconds over all threads, peak memory.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Python is asked for the numbers of its child, since Node has no getrusage for children: exact for every kind of program. */
const wrapper = `
import json, os, resource, subprocess, sys, time
t = time.perf_counter()
p = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
out = p.stdout.read()
_, status, r = os.wait4(p.pid, 0)
json.dump({"wall": time.perf_counter() - t, "cpu": r.ru_utime + r.ru_stime, "rssMb": r.ru_maxrss / 1024, "status": os.waitstatus_to_exitcode(status)}, open(sys.argv[1], "w"))
sys.stdout.buffer.write(out)
`;

let calls = 0;

/** @returns {Promise<{wall: number, cpu: number, rssMb: number, stdout: string}>} seconds and MB of the largest single process */
export async function measure(command, args, options = {}) {
  const file = join(tmpdir(), `ballast-measure-${process.pid}-${calls++}.json`);
  const child = spawn('python3', ['-c', wrapper, file, command, ...args], {
    stdio: ['ignore', 'pipe', options.stderr ?? 'inherit'],
    env: { ...process.env, ...options.env },
  });
  const chunks = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  await new Promise((resolve) => (child.exitCode === null ? child.on('exit', resolve) : resolve()));
  const result = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${result.status}`);
  return { ...result, stdout: Buffer.concat(chunks).toString('utf8') };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function row(name, runs) {
  const at = (key) => median(runs.map((run) => run[key]));
  return { name, wall: at('wall'), cpu: at('cpu'), rssMb: at('rssMb') };
}

export function print(title, rows, against) {
  const base = rows.find(({ name }) => name === against);
  console.log(`\n${title}`);
  console.log(
    `  ${''.padEnd(34)}${'wall s'.padStart(9)}${'CPU s'.padStart(9)}${'peak MB'.padStart(10)}${'x faster'.padStart(10)}${'x smaller'.padStart(11)}`,
  );
  for (const { name, wall, cpu, rssMb } of rows) {
    const ratios = base ? `${(base.wall / wall).toFixed(2).padStart(10)}${(base.rssMb / rssMb).toFixed(1).padStart(11)}` : '';
    console.log(`  ${name.padEnd(34)}${wall.toFixed(2).padStart(9)}${cpu.toFixed(2).padStart(9)}${rssMb.toFixed(0).padStart(10)}${ratios}`);
  }
}
