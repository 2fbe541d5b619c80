import { compareBytes } from './byte-order.ts'

/**
 * A semantic version; numbers are uint64. Build metadata is not kept, since no comparison uses it.
 */
export interface Version {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  /** Without its `-`; empty for a release. */
  readonly prerelease: string
}

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'
const shape = new RegExp(
  `^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${identifiers}))?(?:\\+${identifiers})?$`,
)
const largest = 2n ** 64n - 1n
const maxBytes = 256

/**
 * The version that a tag names; undefined if it names none. At least two dots are needed, anywhere
 * (`1.2-rc.1` is a version, `1.2` is not).
 * Source: fluxcd/pkg, version/version.go, v0.12.0.
 */
export function parseTagVersion(tag: string): Version | undefined {
  const dot = tag.indexOf('.')
  return dot === -1 || tag.indexOf('.', dot + 1) === -1 ? undefined : parseVersion(tag)
}

/**
 * A version as a range may write it: one, two or three numbers, leading zeros allowed. Source:
 * Masterminds/semver v3.5.0, version.go.
 */
export function parseVersion(text: string): Version | undefined {
  if (text.length > maxBytes) return undefined // longer in UTF-16 units is longer in bytes, and only ASCII passes the shape
  const parts = shape.exec(text)
  if (parts === null) return undefined
  const [, major, minor, patch, prerelease = ''] = parts
  const numbers = [BigInt(major ?? 0), BigInt(minor ?? 0), BigInt(patch ?? 0)] as const
  if (numbers.some(number => number > largest)) return undefined
  if (prerelease.split('.').some(identifier => /^0[0-9]+$/.test(identifier))) return undefined
  return { major: numbers[0], minor: numbers[1], patch: numbers[2], prerelease }
}

/** Negative, 0 or positive. A release comes after its prereleases. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.major, b.major) ||
    compare(a.minor, b.minor) ||
    compare(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  )
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const partsA = a.split('.')
  const partsB = b.split('.')
  for (const [index, partA] of partsA.entries()) {
    const partB = partsB[index]
    if (partB === undefined) return 1
    const order = compareIdentifiers(partA, partB)
    if (order !== 0) return order
  }
  return partsA.length - partsB.length
}

/** Numbers by value and before text; text by bytes. What does not fit in 64 bits counts as text. */
function compareIdentifiers(a: string, b: string): number {
  const numberA = parseUint64(a)
  const numberB = parseUint64(b)
  if (numberA !== undefined && numberB !== undefined) return compare(numberA, numberB)
  if (numberA !== undefined) return -1
  if (numberB !== undefined) return 1
  return compareBytes(a, b)
}

function parseUint64(identifier: string): bigint | undefined {
  if (!/^[0-9]+$/.test(identifier)) return undefined
  const number = BigInt(identifier)
  return number <= largest ? number : undefined
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
