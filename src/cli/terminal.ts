import { fstatSync, statSync } from 'node:fs'

/**
 * Whether the stream is a terminal. To ask `process` about it would load Node's streams, 4 ms of a start, so that is done only where it
 * may say yes: for a device that is not the null device.
 */
export function isTerminal(stream: 'stdin' | 'stderr'): boolean {
  const device = fstatSync(stream === 'stdin' ? 0 : 2)
  return (
    device.isCharacterDevice() &&
    device.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev &&
    process[stream].isTTY
  )
}
