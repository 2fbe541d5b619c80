// Chooses among 50,000 tags with each kind of policy, in one process: node bench/choose.mjs (after
// npm run build).
const begin = performance.now()
const { chooseTag, scanTags } = await import('../dist/index.js')
const report = (what, from) =>
  console.log(`${(performance.now() - from).toFixed(0).padStart(5)} ms  ${what}`)
report('load the library', begin)

const pad = number => String(number).padStart(2, '0')
const listed = Array.from({ length: 50_000 }, (_, index) => {
  const build = (index * 7919) % 50_000 // each number once, shuffled
  return index % 5 === 4
    ? `sha-${build.toString(16)}`
    : `v1.${build % 40}.${pad(build % 90)}-main-${build}`
})
const pattern = '^v(?P<version>[0-9]+\\.[0-9]+\\.[0-9]+)-main-(?P<build>[0-9]+)$'
const filters = {
  semver: {
    policy: { semver: { range: '>=1.2.0 <1.39.0' } },
    filterTags: { pattern, extract: '$version' },
  },
  alphabetical: {
    policy: { alphabetical: { order: 'asc' } },
    filterTags: { pattern, extract: '$build' },
  },
  numerical: {
    policy: { numerical: { order: 'asc' } },
    filterTags: { pattern, extract: '$build' },
  },
}

const scan = performance.now()
const stored = scanTags(listed)
report('scan: exclude signatures, sort', scan)
for (const [kind, policy] of Object.entries(filters)) {
  const from = performance.now()
  const { tag } = chooseTag(policy, stored)
  report(`${kind}: ${tag}`, from)
}
