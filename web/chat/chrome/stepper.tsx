import { useChat } from '../chat-context.ts'
import type { StepInfo } from '../transcript/activity.ts'

/** Where the member is in the request: words for everyone, a row of marks for the eye. */
export function Stepper({ step }: { readonly step: StepInfo | undefined }) {
  const { words } = useChat()
  if (!step) return null
  const { index, total, title } = step
  return (
    <div className="stepper" role="group" aria-label={words.say('a11y.steps')}>
      <p className="stepper__text" aria-live="polite">
        {words.say('a11y.step', { current: index, total, title })}
      </p>
      <div className="stepper__marks" aria-hidden="true">
        {Array.from({ length: total }, (_, at) => (
          <i key={at} className={at < index - 1 ? 'done' : at === index - 1 ? 'now' : ''} />
        ))}
      </div>
    </div>
  )
}
