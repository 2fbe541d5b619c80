export { found, reserve } from './input'
export { oddities, unindented } from './scan'
export { walk } from './walk'
