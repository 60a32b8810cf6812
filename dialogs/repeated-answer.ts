import { createHash } from 'node:crypto'
import { scopeOf, type TurnScope } from './turn-scope.ts'
import { normalize } from './understanding/normalize.ts'
import type { TurnContext } from 'botbuilder-core'

/** Teams delivers what was answered late again, under a new id and time, up to half a minute later. */
const REPEATED_MS = 60_000

/** What was said, such that it can be told from something else and not be read. */
function saidIn({ message }: TurnScope): string | undefined {
  switch (message.kind) {
    case 'text':
      return digest(normalize(message.text))
    case 'answer':
    case 'command':
      return digest(JSON.stringify(message.value))
    case 'file':
      return digest(message.file.verdict === 'refused' ? message.file.name : documentName(message.file))
    case 'proactive':
    case 'unreadable':
      return undefined
  }
}

type CheckedFile = Extract<TurnScope['message'], { kind: 'file' }>['file']

const documentName = (file: Exclude<CheckedFile, { verdict: 'refused' }>) =>
  file.verdict === 'accepted' ? file.document.name : file.name

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** Whether this is what advanced the request a moment ago, once more: it is no answer to the question that stands now. */
export function isRepeated(scope: TurnScope): boolean {
  const { advanced } = scope.memory
  if (scope.channel !== 'msteams' || !advanced) return false
  return scope.now().getTime() - advanced.at < REPEATED_MS && advanced.said === saidIn(scope)
}

/** Remembers what advanced the request. A submission needs no memory: its second time is answered with its number. */
export function noteAdvance(context: TurnContext): void {
  const scope = scopeOf(context)
  if (scope.channel !== 'msteams' || !scope.draft.isChanged || scope.submission) return
  const said = saidIn(scope)
  if (said !== undefined) scope.memory.advanced = { said, at: scope.now().getTime() }
}
