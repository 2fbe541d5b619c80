import { existsSync, readFileSync } from 'node:fs'
import { help } from '../src/cli/help.ts'
import { exitCodes } from '../src/errors.ts'
import { applyImagePolicies, recordedTags } from '../src/index.ts'

const root = new URL('..', import.meta.url).pathname
const textOf = (file: string) => readFileSync(`${root}${file}`, 'utf8')
const readme = textOf('README.md')
const blocksOf = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  )

test('the two commands stand alone in blocks under their heading', () => {
  const section = /^## Two commands\n(.*?)^## /ms.exec(readme)?.[1] ?? ''
  expect([...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block)).toEqual([
    'npm ci && npm run demo\n',
    'npm cit\n',
  ])
})

test('the policy makes the first manifest the second', async () => {
  const [policies, before, after] = blocksOf('yaml')
  const tags = /if the registry has (.*?):\n/s.exec(readme)?.[1]?.match(/[\w.-]+(?=`)/g) ?? []
  const tagSource = recordedTags(new Map([['registry.example.com/shop/web', tags]]))
  const { output } = await applyImagePolicies(before ?? '', { policies: policies ?? '', tagSource })
  expect(Buffer.from(output).toString()).toBe(after)
})

test('the inline policy makes the first manifest the second', async () => {
  const [, before, after] = blocksOf('yaml')
  const [inline = ''] = blocksOf('yaml').filter(block => block.includes('imagePolicies:'))
  const tagSource = recordedTags(
    new Map([
      ['registry.example.com/shop/web', ['v1.3.0', 'v1.3.1', '1.9.0', 'v1.9.0-rc.1', 'v2.0.0']],
    ]),
  )
  const { output, results } = await applyImagePolicies(before ?? '', {
    policies: inline,
    tagSource,
  })
  expect(results.filter(({ severity }) => severity !== 'info')).toEqual([])
  expect(Buffer.from(output).toString()).toBe(after)
})

test.each(['README.md', 'CONTRIBUTING.md'])('the links of %s lead to files', file => {
  for (const [, target = ''] of textOf(file).matchAll(/\]\((?!https?:)([^)]+)\)/g))
    expect(existsSync(`${root}${target}`)).toBe(true)
})

test('every option of --help and every exit code is told', () => {
  for (const [option] of help.matchAll(/--[a-z]+/g)) expect(readme).toContain(`\`${option}`)
  for (const code of new Set(Object.values(exitCodes)))
    expect(readme).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'))
})

test('every setting of the functionConfig has a row', () => {
  const { spec } = JSON.parse(textOf('schemas/function-config.schema.json')).properties
  const { targets, ...settings } = spec.properties
  const keys = [
    ...Object.keys(settings),
    ...Object.keys(targets.properties).map(key => `targets.${key}`),
  ]
  const rows = [...readme.matchAll(/^\| `([a-zA-Z.]+)` \|/gm)].map(([, key]) => key)
  expect(keys.filter(key => !rows.includes(key))).toEqual([])
})
