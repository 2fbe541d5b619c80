import { createGate, createGates } from '../../src/registry/throttle.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

test('lets in as many as it may, in order, and the next when one leaves', async () => {
  const gate = createGate(2)
  const inside: number[] = []
  const leaves: (() => void)[] = []
  for (const number of [1, 2, 3, 4]) {
    void gate.enter().then(leave => {
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

test('lets nobody in while it is paused, and half as many afterwards', async () => {
  const gate = createGate(4)
  gate.pause(60)
  gate.pause(60) // the same refusal, seen by another request
  expect(gate.pausedFor()).toBeGreaterThan(0)
  const started = Date.now()
  let inside = 0
  for (const _ of [1, 2, 3, 4]) void gate.enter().then(() => inside++)
  await settled()
  expect(inside).toBe(0)
  await new Promise(resolve => setTimeout(resolve, 120))
  expect(Date.now() - started).toBeGreaterThanOrEqual(60)
  expect(inside).toBe(2)
})

test('rejects who gives up waiting, and does not count them', async () => {
  const gate = createGate(1)
  const leave = await gate.enter()
  const controller = new AbortController()
  const waiting = gate.enter(controller.signal)
  const next = gate.enter()
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await expect(gate.enter(controller.signal)).rejects.toThrow('enough')
  leave()
  ;(await next)()
})

test('each host has its own', () => {
  const gates = createGates(1)
  gates.of('a').pause(1_000)
  expect(gates.of('a')).toBe(gates.of('a'))
  expect(gates.paused().map(({ host }) => host)).toEqual(['a'])
  expect(gates.of('b').pausedFor()).toBe(0)
})
