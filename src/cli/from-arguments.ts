// What only a start with arguments needs, in one chunk of the bundle: one file loads faster than
// four.
export { readConfigFile, readPolicyFiles } from '../workspace/policy-files.ts'
export { replaceable, replaceFile } from '../workspace/replace-file.ts'
export { parseArguments } from './arguments.ts'
export { correctedCommand } from './corrected-command.ts'
