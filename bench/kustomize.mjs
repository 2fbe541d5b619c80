// Compares kustomize alone, kustomize piped to image-policy, and kustomize with the function as a
// transformer.
import { mkdirSync, writeFileSync } from 'node:fs'
import { data, installed, spread, time } from './measure.mjs'
import { built } from './programs.mjs'
import { applyImagePolicies, documents, policies } from './resource-list.mjs'

/** Prints a row for each number of resources. */
export function comparePipeAndFunction(counts) {
  if (!installed('kustomize')) return console.log('\nskipped, not installed: kustomize')
  console.log(
    '\n| kustomize build of | alone | with the pipe | with the function inside |\n|---|---|---|---|',
  )
  for (const count of counts) {
    const ways = waysToBuild(writeKustomization(count))
    const took = ways.map(() => [])
    for (let round = 0; round < (count > 1_000 ? 3 : 5); round++) {
      for (const [at, way] of ways.entries()) took[at].push(time(way, '/dev/null').clock / 1000)
    }
    const cells = took.map(seconds =>
      Object.values(spread(seconds))
        .map(value => value.toFixed(2))
        .join(' / '),
    )
    console.log(`| ${count} resources, s: min / median / max | ${cells.join(' | ')} |`)
  }
}

/**
 * Creates a folder with resources, their policies, and a kustomization that also runs the function.
 */
function writeKustomization(count) {
  const folder = `${data}kustomize-${count}`
  const exec = `  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: ${built}\n`
  const files = {
    'resources/all.yaml': [...documents({ count, governedEvery: 10, style: 'kustomize' })]
      .map(withoutHostKeys)
      .join('---\n'),
    'resources/kustomization.yaml': 'resources: [all.yaml]\n',
    'policies/policies.yaml': policies,
    'inside/policies.yaml': policies,
    'inside/function.yaml': applyImagePolicies.replace('spec:\n', `${exec}spec:\n`),
    'inside/kustomization.yaml':
      'resources: [../resources, policies.yaml]\ntransformers: [function.yaml]\n',
  }
  for (const part of ['resources', 'policies', 'inside'])
    mkdirSync(`${folder}/${part}`, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(`${folder}/${file}`, text)
  return folder
}

/**
 * Removes the annotations that a host uses to identify items, because kustomize adds them itself.
 */
const withoutHostKeys = document => document.replace(/^ {4}(internal\.)?config\..*\n/gm, '')

function waysToBuild(folder) {
  const build = `${installed('kustomize')} build`
  const pipe = `${process.execPath} ${built} --policies ${folder}/policies --set source=status`
  return [
    `${build} ${folder}/resources`,
    `${build} ${folder}/resources | ${pipe}`,
    `${build} --enable-alpha-plugins --enable-exec ${folder}/inside`,
  ].map(script => ({ command: ['bash', '-o', 'pipefail', '-c', script] }))
}
