import { read } from './reading.ts'

/** Whether a text names a relative whom the service does not cover: « pour ma mère », للوالدة ديالي. */
export function namesOtherRelative(text: string): boolean {
  return read(text).has('other_relative')
}
