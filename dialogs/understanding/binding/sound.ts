import { clausesOf } from './clauses.ts'
import { withoutCourtesies } from './courtesies.ts'
import { tableOf, type BindingAnswer } from './tables.ts'
import { skeletonKey, withoutDoubles } from '../spelling.ts'

/** With fewer consonants anything sounds alike. */
const SHORTEST = 3
const ARABIC_SOUNDS: [RegExp, string][] = [
  [/[اويه]/gu, ''],
  [/[صث]/gu, 'س'],
  [/[طت]/gu, 'ت'],
  [/[ضظذ]/gu, 'د'],
  [/گ/gu, 'ق'],
]

/** The consonants of a text, for those who write by ear: ساافي سيفت is صافي صيفط. */
function soundOf(words: string): string {
  const arabic = ARABIC_SOUNDS.reduce((key, [letters, sound]) => key.replace(letters, sound), words)
  return withoutDoubles(skeletonKey(arabic.replaceAll(' ', '')))
}

const compiled = new Map<BindingAnswer, ReadonlySet<string>>()

function soundsOf(answer: BindingAnswer): ReadonlySet<string> {
  const known = compiled.get(answer)
  if (known) return known
  const sounds = new Set([...tableOf(answer).forms.keys()].map(soundOf))
  compiled.set(answer, sounds)
  return sounds
}

/** Whether a text sounds like a listed form. It binds to nothing: it tells what may be asked. */
export function soundsLike(text: string, answer: BindingAnswer): boolean {
  const words = (clausesOf(text) ?? []).flatMap(withoutCourtesies).join(' ')
  const sound = soundOf(words)
  return sound.length >= SHORTEST && soundsOf(answer).has(sound)
}
