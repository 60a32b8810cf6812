import { isBinding } from './binding/binding-answer.ts'

/** Whether the whole message asks to untie the account of Teams that it is written in. */
export const asksToUnlink = (text: string): boolean => isBinding(text, 'unlink')
