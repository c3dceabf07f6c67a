/** What a process uses, as the kernel counts it. */
import { existsSync, readFileSync } from 'node:fs';

export interface Usage {
  /** Resident memory in MiB, now and at most. */
  resident: number;
  peak: number;
  /** Seconds of processor time since it started. */
  processor: number;
}

/** The kernel's unit of processor time, the same on all Linux systems that browsers run on. */
const TICKS_PER_SECOND = 100;

/** The usage of a process; nothing where there is no `/proc`. */
export function usage(pid: number | undefined): Usage | undefined {
  if (!pid || !existsSync(`/proc/${pid}/stat`)) return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1]) / 102.4) / 10;
  // The second field is the name in parentheses, which may contain blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const processor = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  return { resident: mebibytes('VmRSS'), peak: mebibytes('VmHWM'), processor };
}
