import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

/*
 * Web Chat's packages are bundled from their sources, so that what the widget does not use stays out: the strings of
 * forty languages and their compiled number formats (ours come from locales/), speech, Direct Line's second transport,
 * and polyfills of things that every browser we serve has.
 */
const sources = new Map([
  ['botframework-webchat-api', 'botframework-webchat-api/src/index.ts'],
  ['botframework-webchat-core', 'botframework-webchat-core/src/index.ts'],
])

const replacements: ReadonlyArray<readonly [pattern: RegExp, code: string]> = [
  [/\/getAllLocalizedStrings$/, 'const none = {}; export default () => none'],
  [/\/external\/PrecompiledGlobalize$/, 'export default () => ({})'],
  [/\/directLineStreaming$/, 'export const DirectLineStreaming = undefined'],
  [/^core-js\/|^url-search-params-polyfill$|^@babel\/polyfill/, 'export {}'],
  [/^redux-devtools-extension$/, 'export const composeWithDevTools = enhancer => enhancer'],
  // Only asked for the type of a file that Web Chat sends by itself; ours are PDFs and carry their type.
  [/^mime$/, 'export default { getType: () => "application/pdf" }'],
  [/^prop-types$/, emptyPropTypes()],
]

/** Prop types are never checked in a production build; components only read them while their modules load. */
function emptyPropTypes(): string {
  const plain = [
    'any',
    'array',
    'bool',
    'elementType',
    'element',
    'func',
    'node',
    'number',
    'object',
    'string',
    'symbol',
  ]
  const made = ['arrayOf', 'exact', 'instanceOf', 'objectOf', 'oneOf', 'oneOfType', 'shape']
  return `const type = () => null; type.isRequired = type; const make = () => type
export default { ${plain.map(name => `${name}: type`).join(', ')}, ${made.map(name => `${name}: make`).join(', ')} }`
}

/** Vite plugin: Web Chat from its sources, without its unused parts. `modules` is the absolute path of node_modules. */
export function slimWebChat(modules: string): Plugin {
  const prefix = '\0slim:'
  return {
    name: 'slim-web-chat',
    enforce: 'pre',
    async resolveId(id, importer) {
      const source = sources.get(id)
      if (source) return { id: `${modules}/${source}`, moduleSideEffects: false }
      // Made by an install script, and install scripts are off.
      if (id === 'p-defer-es5') return this.resolve('p-defer', importer)
      const index = replacements.findIndex(([pattern]) => pattern.test(id))
      return index < 0 ? undefined : `${prefix}${index}`
    },
    async load(id) {
      if (id.startsWith(prefix)) return replacements[Number(id.slice(prefix.length))]?.[1]
      const isWebChat = id.includes('/botframework-webchat-') && id.endsWith('.js')
      return isWebChat ? { code: await readFile(id, 'utf8'), moduleType: 'jsx' } : undefined
    },
  }
}
