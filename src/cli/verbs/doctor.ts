import { resolve } from 'node:path';
import { outputOptions } from '../optionTable.ts';
import { bytes } from '../terminal/format.ts';
import type { Verb } from '../verb.ts';

export const doctorVerb: Verb = {
  name: 'doctor',
  operands: '[folder]',
  summary: 'what this machine can do: devices, versions, memory, disk',
  options: [...outputOptions],
  prepare(args) {
    const path = resolve(args.positionals[0] ?? '.');
    return {
      threads: 1,
      run: async (engine, job) => {
        const report = await engine.doctor({ path }, job);
        const lines = [
          `Ballast ${report.ballastVersion}, Node ${report.node}, ${report.platform} ${report.arch}`,
          `${report.cpus} cores (${report.cpuModel}), ${bytes(report.memoryBytes)} memory, ${bytes(report.freeMemoryBytes)} free${report.disk ? `, ${bytes(report.disk.freeBytes)} free on the disk of ${report.disk.path}` : ''}`,
          '',
          'Devices',
          ...report.devices.map(({ device, available, detail }) => `  ${available ? 'yes' : 'no '}  ${device}: ${detail}`),
          '',
          'Components',
          ...report.components.map(
            ({ name, version, available, detail }) => `  ${available ? 'yes' : 'no '}  ${name}${version ? ` ${version}` : ''}: ${detail}`,
          ),
        ];
        return { report, text: lines.join('\n') };
      },
    };
  },
};
