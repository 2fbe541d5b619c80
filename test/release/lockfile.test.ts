import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../fixtures/built-program.ts'

test.each(['package-lock.json', 'assembly/package-lock.json'])(
  'every package of %s has its checksum',
  file => {
    const { packages } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      packages: Record<string, { integrity?: string; link?: boolean }>
    }
    const without = Object.entries(packages)
      .filter(([path, { integrity, link }]) => path !== '' && !link && !integrity)
      .map(([path]) => path)
    // `node scripts/release-integrity.mjs` adds what is missing
    expect(without).toEqual([])
  },
)
