/**
 * The registrable domain of a host, by the Public Suffix List. A module of its own, because esbuild
 * gives `import()` of a CommonJS package no named exports.
 */
export { getDomain } from 'tldts'
