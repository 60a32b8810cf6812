import { hooks } from 'botframework-webchat-api'

/** Whether the assistant is at work on an answer. */
export function useTyping(): boolean {
  const [typing] = hooks.useActiveTyping()
  return Object.values(typing).some(({ role }) => role === 'bot')
}
