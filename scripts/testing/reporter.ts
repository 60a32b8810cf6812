import { inspect } from 'node:util'
import type { TestEvent } from 'node:test/reporters'
import type { Outcome } from './outcome.ts'

/** For `node --test-reporter`: one JSON line for each test, and for each suite that failed by itself. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const names: string[] = []
  for await (const event of events) {
    if (event.type === 'test:start') names.splice(event.data.nesting, Infinity, event.data.name)
    const outcome = outcomeOf(event, names)
    if (outcome) yield `${JSON.stringify(outcome)}\n`
  }
}

function outcomeOf(event: TestEvent, names: readonly string[]): Outcome | undefined {
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined
  const { data } = event
  const name = [...names.slice(0, data.nesting), data.name].join(' › ')
  const isSuite = data.details.type === 'suite'
  if (event.type === 'test:fail') {
    const { error } = event.data.details
    return isSuite && Reflect.get(error, 'failureType') === 'subtestsFailed'
      ? undefined
      : { name, error: textOf(error) }
  }
  if (isSuite) return undefined
  // A test that was left out shows nothing: it counts as failed.
  return data.skip !== undefined || data.todo !== undefined ? { name, error: 'it was skipped' } : { name }
}

/** node wraps what the test threw. */
function textOf(error: Error): string {
  return inspect(error.cause ?? error, { depth: 4, breakLength: 120 })
}
