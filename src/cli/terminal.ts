import { fstatSync, statSync } from 'node:fs'

/**
 * Whether the stream is a terminal. Asking `process` would load Node's streams, so that is done
 * only for a device that is not the null device (bench/README.md).
 */
export function isTerminal(stream: 'stdin' | 'stderr'): boolean {
  const device = fstatSync(stream === 'stdin' ? 0 : 2)
  return (
    device.isCharacterDevice() &&
    device.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev &&
    process[stream].isTTY
  )
}
