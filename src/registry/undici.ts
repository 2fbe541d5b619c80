/** What is used of undici. esbuild gives `import('undici')` itself, a CommonJS package, no names but `default`. */
export { Agent, ProxyAgent, request } from 'undici'
