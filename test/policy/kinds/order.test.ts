import { fieldsOf } from '../../../src/krm/fields.ts'
import { readOrder } from '../../../src/policy/kinds/order.ts'

const read = (order: unknown) => readOrder(fieldsOf(undefined, { order }, 'spec.policy.numerical'))

test.each([
  [undefined, 'ASC'],
  [null, 'ASC'],
  ['', 'ASC'],
  ['asc', 'ASC'],
  ['Asc', 'ASC'],
  ['DESC', 'DESC'],
  ['deſc', 'DESC'], // Go's upper case of the long s
])('%j is %s', (order, expected) => expect(read(order)).toBe(expected))

test.each([
  ['down', 'DOWN'],
  [' asc', ' ASC'],
  ['aß', 'Aß'],
  ['%s', '%S'],
])('%j is not an order', (order, upper) => {
  expect(() => read(order)).toThrow(
    expect.objectContaining({
      code: 'BAD_FIELD',
      message: `spec.policy.numerical.order: must be "asc" or "desc", got ${JSON.stringify(order)}`,
      flux: `invalid policy: invalid order argument provided: '${upper}', must be one of: ASC, DESC`,
    }),
  )
})
