import { createThrottle, createThrottles } from '../../src/registry/throttle.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

test('starts as many tasks as allowed, in order, and the next at the end of one', async () => {
  const throttle = createThrottle(2)
  const inside: number[] = []
  const leaves: (() => void)[] = []
  for (const number of [1, 2, 3, 4]) {
    void throttle.enter().then(leave => {
      inside.push(number)
      leaves.push(leave)
    })
  }
  await settled()
  expect(inside).toEqual([1, 2])
  leaves[0]?.()
  leaves[0]?.() // leaving twice is leaving once
  await settled()
  expect(inside).toEqual([1, 2, 3])
})

test('starts nothing while it is paused, and half as many tasks afterwards', async () => {
  const throttle = createThrottle(4)
  throttle.pause(60)
  throttle.pause(60) // the same refusal, seen by another request
  expect(throttle.pausedFor()).toBeGreaterThan(0)
  const started = Date.now()
  let inside = 0
  for (const _ of [1, 2, 3, 4]) void throttle.enter().then(() => inside++)
  await settled()
  expect(inside).toBe(0)
  await new Promise(resolve => setTimeout(resolve, 120))
  expect(Date.now() - started).toBeGreaterThanOrEqual(60)
  expect(inside).toBe(2)
})

test('rejects a task that stops waiting, and does not count it', async () => {
  const throttle = createThrottle(1)
  const leave = await throttle.enter()
  const controller = new AbortController()
  const waiting = throttle.enter(controller.signal)
  const next = throttle.enter()
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(throttle.enter(controller.signal)).rejects.toThrow('enough')
  leave()
  ;(await next)()
})

test('each host has its own throttle', () => {
  const throttles = createThrottles(1)
  throttles.of('a').pause(1_000)
  expect(throttles.of('a')).toBe(throttles.of('a'))
  expect(throttles.paused().map(({ host }) => host)).toEqual(['a'])
  expect(throttles.of('b').pausedFor()).toBe(0)
})
