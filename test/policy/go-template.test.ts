import { parseGoTemplate } from '../../src/policy/go-template.ts'

// of /(?P<n>b)|(?P<n>a)(x)?/ in "-ab-": group 1, named n, took no part; group 2, named n too, is
// "a"; group 3 took no part
const expand = (template: string): string =>
  parseGoTemplate(template, ['', 'n', 'n', '', '01'])('-ab-', [1, 3, -1, -1, 1, 2, -1, -1, 2, 3])

test.each([
  ['', ''],
  ['text', 'text'],
  ['$0', 'ab'],
  ['$2', 'a'],
  ['${2}x', 'ax'],
  ['$2x', ''], // the group "2x"
  ['$1', ''],
  ['$3', ''],
  ['$4', 'b'],
  ['$5', ''],
  ['$99999999999999999999', ''],
  ['$n', 'a'], // the first of the name that took part
  ['${n}', 'a'],
  ['$n_$n', 'a'],
  ['$n-$n', 'a-a'],
  ['$01', 'b'], // a leading zero makes it a name
  ['$02', ''],
  ['$é1', ''],
  ['$$', '$'],
  ['$$2', '$2'],
  ['$$$2', '$a'],
  ['$', '$'],
  ['a$', 'a$'],
  ['$-', '$-'],
  ['${', '${'],
  ['${}', '${}'],
  ['${2', '${2'],
  ['${ 2}', '${ 2}'],
  ['${2$2', '${2a'],
  ['$2$2', 'aa'],
])('%s becomes %j', (template, text) => expect(expand(template)).toBe(text))
