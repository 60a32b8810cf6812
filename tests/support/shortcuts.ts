import { nextStep, type Beneficiary, type Step } from '../../services/drafts/draft.ts'
import { fromPage, type Chat } from './chat.ts'
import { plainPdf } from './pdfs.ts'
import type { Office } from './office.ts'

export interface Shortcut {
  readonly to: Step | 'submitted'
  readonly beneficiary?: Beneficiary
}

const MAX_TURNS = 12

/** Answers, without a word, what comes before the step that a test is about. */
export async function goTo(office: Office, chat: Chat, { to, beneficiary = 'member' }: Shortcut): Promise<void> {
  const { drafts, members } = office.services
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const draft = await drafts.openOf(chat.memberId)
    if (!draft && to === 'submitted' && turn > 0) return
    const step = draft && nextStep(draft)
    if (step === to) return
    if (!draft || !step) {
      await chat.sends(fromPage({ value: { v: 1, command: 'request' } }))
    } else if (step === 'document') {
      await chat.attaches({ name: 'dossier.pdf', bytes: plainPdf() })
    } else {
      const relatives = (await members.find(chat.memberId))?.relatives ?? []
      const person = relatives.find(({ kind }) => kind === draft.beneficiary)?.id ?? ''
      const choices = { consent: 'accept', rib: 'confirm', beneficiary, person, motif: 'oncology', review: 'submit' }
      const value = { v: 1, draft: draft.id, version: draft.version, step, choice: choices[step] }
      await chat.sends(fromPage({ value }))
    }
  }
  throw new Error(`the request did not reach « ${to} »`)
}
