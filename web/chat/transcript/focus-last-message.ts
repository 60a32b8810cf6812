/** For whoever pressed something that goes away: the newest message is the nearest thing that stays. */
export function focusLastMessage(): void {
  const messages = document.querySelectorAll<HTMLElement>('article.message')
  messages[messages.length - 1]?.focus({ preventScroll: true })
}
