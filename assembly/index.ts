export { find, holdingImages, namesAt, touching } from './find'
export { found, reserve } from './input'
export { oddities, unindented } from './scan'
export { walk } from './walk'
