import { fstatSync } from 'node:fs'

/** Whether the stream is a terminal. To ask `process` about it would load Node's streams, so that is done only where it may say yes. */
export function isTerminal(stream: 'stdin' | 'stderr'): boolean {
  return fstatSync(stream === 'stdin' ? 0 : 2).isCharacterDevice() && process[stream].isTTY
}
