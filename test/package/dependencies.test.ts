import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'

const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

interface Locked {
  readonly integrity?: string
  readonly resolved?: string
}

describe.each(['package-lock.json', 'assembly/package-lock.json'])('%s', file => {
  const { packages } = JSON.parse(textOf(file)) as { packages: Record<string, Locked> }
  const installed = Object.entries(packages).filter(([path]) => path !== '')

  test('has the integrity of every package', () => {
    expect(installed.length).toBeGreaterThan(0)
    const without = installed.filter(([, { integrity = '' }]) => !/^sha512-/.test(integrity))
    expect(without.map(([path]) => path)).toEqual([])
  })

  test('names no registry', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(textOf(file)).not.toMatch(/https?:\/\/[^"]*\.tgz/)
  })
})

const { devDependencies, dependencies } = JSON.parse(textOf('package.json'))

test('a user installs no other package', () => {
  expect(dependencies).toBeUndefined()
})

test('every dependency has one exact version and a reason in CONTRIBUTING.md', () => {
  const reasons = textOf('CONTRIBUTING.md').split('\n## Dependencies\n')[1] ?? ''
  const named = new Set(
    [...reasons.matchAll(/^- .*$/gm)].flatMap(
      ([line]) => line.match(/(?<=`)[@\w./-]+(?=`)/g) ?? [],
    ),
  )
  const names = Object.keys(devDependencies)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter(name => !named.has(name))).toEqual([])
  const inexact = Object.entries<string>(devDependencies).filter(
    ([, version]) => !/^(?:npm:typescript@)?\d+\.\d+\.\d+$/.test(version),
  )
  expect(inexact).toEqual([])
})
