import { expand } from './expand.ts'
import accept from './forms/accept.json' with { type: 'json' }
import cancel from './forms/cancel.json' with { type: 'json' }
import confirm from './forms/confirm.json' with { type: 'json' }
import decline from './forms/decline.json' with { type: 'json' }
import restart from './forms/restart.json' with { type: 'json' }
import startOver from './forms/start-over.json' with { type: 'json' }
import submit from './forms/submit.json' with { type: 'json' }
import unlink from './forms/unlink.json' with { type: 'json' }
import yes from './forms/yes.json' with { type: 'json' }

type Forms = Partial<Record<'fr' | 'ar' | 'darija' | 'arabizi', readonly string[]>>

interface FormFile {
  readonly parts?: Readonly<Record<string, string>>
  /** Binding by themselves. */
  readonly whole: Forms
  /** Said beside one that binds, and binding nothing: "safi", "rien à changer". */
  readonly beside?: Forms
}

/**
 * What a typed answer can bind to: to the notice, to its refusal, to the RIB, to sending; `cancel` and `restart` are the yes
 * to "really?", `startOver` is the answer that throws a request away which was left, `unlink` unties an account of Teams.
 */
export type BindingAnswer = 'accept' | 'decline' | 'confirm' | 'submit' | 'cancel' | 'restart' | 'startOver' | 'unlink'

const files: Readonly<Record<BindingAnswer, readonly FormFile[]>> = {
  accept: [yes, accept],
  decline: [decline],
  confirm: [yes, confirm],
  submit: [yes, submit],
  cancel: [yes, cancel],
  restart: [yes, restart],
  startOver: [startOver],
  unlink: [unlink],
}

export interface Table {
  readonly forms: ReadonlyMap<string, 'whole' | 'beside'>
  /** Binding forms that may follow one another without a border. After a no none may: لا أعترض is no refusal. */
  readonly mostInARow: number
  /** Words of the longest form. */
  readonly longest: number
}

const compiled = new Map<BindingAnswer, Table>()

/** Built at the first text that may give the answer, and looked up from then on. */
export function tableOf(answer: BindingAnswer): Table {
  const known = compiled.get(answer)
  if (known) return known
  const table = { ...compile(files[answer]), mostInARow: answer === 'decline' ? 1 : 3 }
  compiled.set(answer, table)
  return table
}

function compile(sources: readonly FormFile[]): Omit<Table, 'mostInARow'> {
  const forms = new Map<string, 'whole' | 'beside'>()
  for (const { beside, parts } of sources) for (const form of written(beside, parts)) forms.set(form, 'beside')
  for (const { whole, parts } of sources) for (const form of written(whole, parts)) forms.set(form, 'whole')
  return { forms, longest: Math.max(...[...forms.keys()].map(form => form.split(' ').length)) }
}

function written(forms: Forms = {}, parts: FormFile['parts'] = {}): string[] {
  return Object.values(forms).flatMap(list => list.flatMap(form => expand(form, parts)))
}
