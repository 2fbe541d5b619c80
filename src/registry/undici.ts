/** A module of its own, because esbuild gives `import()` of a CommonJS package no named exports. */
export { Agent, ProxyAgent, request } from 'undici'
