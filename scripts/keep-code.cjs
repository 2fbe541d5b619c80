// Preloaded by code-cache.mjs: when the program ends, writes the code that V8 compiled for each chunk, under the name that src/boot/load-program.ts
// gives the chunk.
const { mkdirSync, readFileSync, statSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const v8 = require('node:v8')
const vm = require('node:vm')

const scripts = new Map()
const { Script } = vm
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options)
    scripts.set(basename(options.filename), this)
  }
}
// V8 accepts stored code only under the flags that it was compiled with, so the flags of the start must stay
v8.setFlagsFromString = () => {}

process.on('exit', () => {
  const folder = join(
    __dirname,
    '../dist/code-cache',
    `${process.version}-${process.arch}-${statSync(process.execPath).size}`,
  )
  mkdirSync(folder, { recursive: true })
  for (const [name, script] of scripts) {
    const data = script.createCachedData()
    const source = readFileSync(join(__dirname, '../dist/chunks', name))
    writeFileSync(join(folder, `${name}.bin`), Buffer.concat([source, data, data]))
  }
})
