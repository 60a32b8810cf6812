import { isDeepStrictEqual } from 'node:util'
import type { MemberHistory, MemberStored, Stored } from './history.ts'

/** A sentence for each thing that does not hold; nothing else is looked at than these two. */
export function faultsIn(histories: readonly MemberHistory[], stored: Stored): string[] {
  const own = histories.flatMap(history => {
    const found = stored.members.find(({ ppr }) => ppr === history.ppr)
    if (!found) return [`${history.ppr}: nothing is stored`]
    return faultsOfMember(history, found).map(fault => `${history.ppr}: ${fault}`)
  })
  return [...own, ...faultsOfWhole(histories, stored)]
}

function faultsOfMember(history: MemberHistory, stored: MemberStored): string[] {
  return [
    ...onceEach(history, stored),
    ...answeredInTurn(stored),
    ...shownAsStored(history, stored),
    ...eachChangeOnce(history),
    ...dossiersAsAnswered(history, stored),
  ]
}

/** What was acknowledged is there once, what was refused is not, of what nobody knows at most one; all in their order. */
function onceEach({ invocations }: MemberHistory, { messages }: MemberStored): string[] {
  // An event is the channel's own, such as that a member's page sends too fast while nothing answers it.
  const isSent = messages.filter(({ type }) => type !== 'event')
  const sent = isSent.flatMap(({ clientId }) => (clientId === undefined ? [] : [clientId]))
  const faults = invocations.flatMap(({ clientId, step, outcomes }) => {
    const times = sent.filter(id => id === clientId).length
    const isAcknowledged = outcomes.some(({ kind }) => kind === 'ok')
    const isPossible = isAcknowledged || outcomes.some(({ kind }) => kind === 'unknown')
    if (isAcknowledged && times === 0) return [`the answer at ${step} was acknowledged and is lost`]
    if (!isPossible && times > 0) return [`the answer at ${step} was refused and is stored`]
    return times > 1 ? [`the answer at ${step} is stored ${times} times`] : []
  })
  const inOrder = invocations.map(({ clientId }) => clientId).filter(id => sent.includes(id))
  const foreign = sent.filter(id => !inOrder.includes(id))
  if (foreign.length > 0) faults.push(`${foreign.length} messages are stored that nobody sent`)
  if (faults.length === 0 && !isDeepStrictEqual(sent, inOrder)) faults.push('the answers changed their order')
  return faults
}

function answeredInTurn({ messages }: MemberStored): string[] {
  const waiting = messages.filter(({ due }) => due).map(({ position }) => `message ${position} still waits`)
  const unanswered = messages.flatMap(({ position, direction, due }, index) =>
    direction === 'in' && !due && messages[index + 1]?.direction !== 'out' ? [`message ${position} has no answer`] : [],
  )
  return [...waiting, ...unanswered]
}

/** What opened the conversation is for the assistant alone. */
function shownAsStored({ shown }: MemberHistory, { messages }: MemberStored): string[] {
  const visible = messages.filter(({ type }) => type === 'message').map(({ position }) => position)
  const missing = visible.filter(position => !shown.includes(position))
  const invented = shown.filter(position => !visible.includes(position))
  if (missing.length > 0) return [`messages ${missing.join(', ')} are stored and not shown`]
  if (invented.length > 0) return [`messages ${invented.join(', ')} are shown and not stored`]
  return isDeepStrictEqual(shown, visible) ? [] : ['messages are shown in another order']
}

/** An activity comes again only when it was changed. */
function eachChangeOnce({ received }: MemberHistory): string[] {
  const seen = new Set<string>()
  return received.flatMap(({ position, content }) => {
    if (seen.has(content)) return [`message ${position} came twice`]
    seen.add(content)
    return []
  })
}

/** What the member was told to be stored is stored, as answered, to the byte, and nothing else is. */
function dossiersAsAnswered({ submitted }: MemberHistory, { dossiers }: MemberStored): string[] {
  const known = submitted.map(({ number }) => number)
  const twice = known.filter((number, index) => known.indexOf(number) !== index)
  const untold = dossiers.filter(({ number }) => !known.includes(number))
  return [
    ...twice.map(number => `${number} was told for two requests`),
    ...untold.map(({ number }) => `${number} is stored and was never told`),
    ...submitted.flatMap(({ number, plan }) => {
      const dossier = dossiers.find(one => one.number === number)
      if (!dossier) return [`${number} was told and is lost`]
      const { beneficiary, motif, relative } = dossier
      const isAsAnswered = isDeepStrictEqual(
        [beneficiary, relative, motif],
        [plan.beneficiary, plan.beneficiary, plan.motif],
      )
      if (!isAsAnswered) return [`${number} is not what was answered`]
      return dossier.file.equals(plan.file.bytes) ? [] : [`the file of ${number} is another`]
    }),
  ]
}

/** No number is left out or given twice; no document is left that cannot be read, and after a sweep none that is not used. */
function faultsOfWhole(histories: readonly MemberHistory[], { numbers, broken, kept, used }: Stored): string[] {
  const count = histories.flatMap(({ submitted }) => submitted).length
  const expected = Array.from({ length: count }, (_, index) => index + 1)
  return [
    ...(isDeepStrictEqual(numbers, expected) ? [] : [`of ${count} dossiers the numbers are ${numbers.join(', ')}`]),
    ...broken.map(id => `document ${id} cannot be opened`),
    ...kept.filter(id => !used.includes(id)).map(id => `document ${id} is left over`),
    ...used.filter(id => !kept.includes(id)).map(id => `document ${id} is gone`),
  ]
}
