/** The registrable domain of a host, by the Public Suffix List. esbuild gives `import('tldts')` itself, a CommonJS package, no names but `default`. */
export { getDomain } from 'tldts'
