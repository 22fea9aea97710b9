import { planSuffix } from '../../protocol/plan.ts';

/** A file name that editors know as a plan: `a.json` and `a` become `a.ballast-plan.json`. */
export function planFileName(file: string): string {
  if (file.toLowerCase().endsWith(planSuffix)) return file.slice(0, -planSuffix.length) + planSuffix;
  return `${file.replace(/\.json$/i, '')}${planSuffix}`;
}

export function isPlanFile(file: string): boolean {
  return file.endsWith(planSuffix);
}
